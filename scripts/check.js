// npm run check: lint, format, types and the package, without the tests. npm test and npm run test:quick
// begin with these checks.

import { createHash } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build, buildInputs, install, main, programOf, root, step } from './setup.js'

/** The digest of what the last good package was made of. */
const packageStamp = join(root, '.cache', 'package-inputs.sha256')

/** Runs every check up to the first that fails. The dependencies must be installed. */
export async function check() {
  await run('lint and format (biome)', '@biomejs/biome', 'biome', ['check', '--error-on-warnings', '.'])
  await run('types (tsc)', 'typescript', 'tsc', ['--noEmit', ...remembering('types')])
  await run('types of the scripts (tsc)', 'typescript', 'tsc', ['-p', 'scripts', ...remembering('scripts')])
  await build()
  await checkPackage()
}

/** Checks the package, unless a package of the same sources and the same package.json was good. */
async function checkPackage() {
  const manifest = readFileSync(join(root, 'package.json'))
  const inputs = createHash('sha256').update(buildInputs()).update(manifest).digest('hex')
  if (existsSync(packageStamp) && readFileSync(packageStamp, 'utf8') === inputs) return
  await run('package (publint)', 'publint', 'publint', ['--strict'])
  const attw = ['--pack', '.', '--profile', 'esm-only']
  await run('package types (attw)', '@arethetypeswrong/cli', 'attw', attw)
  writeFileSync(packageStamp, inputs)
}

/**
 * Options of tsc with which it checks only what depends on a change since its last run.
 *
 * @param {string} name
 */
function remembering(name) {
  return ['--incremental', '--tsBuildInfoFile', `.cache/tsc-${name}.tsbuildinfo`]
}

/**
 * @param {string} name
 * @param {string} packageName
 * @param {string} command
 * @param {string[]} args
 */
async function run(name, packageName, command, args) {
  await step(name, process.execPath, [programOf(packageName, command), ...args])
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await main(async () => {
    await install()
    await check()
  })
}
