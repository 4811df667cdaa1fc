// npm run sim, mutants, compare, chaos and bench: compiles one of these programs and becomes it. Each has its
// own folder in build, so that compiling one does not disturb a long run of another.
//
// npm run bench -- NAME [arguments] runs one benchmark of bench/. Without a name it lists them. The arguments
// of the programs are in CONTRIBUTING.md and at the head of each program.

import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { become, install, main, programOf, root, step } from './setup.js'

/** The compiled main file of each program. */
const programs = {
  sim: 'test/simulation/main.js',
  mutants: 'test/mutants/main.js',
  compare: 'test/comparison/main.js',
  chaos: 'test/chaos/main.js',
}

const [program = '', ...rest] = process.argv.slice(2)

if (program === 'bench') await runBenchmark(rest[0], rest.slice(1))
else if (isProgram(program)) await runCompiled(program, programs[program], rest)
else refuse(`there is no program named '${program}'`, Object.keys(programs))

/**
 * @param {string | undefined} name
 * @param {string[]} args
 */
async function runBenchmark(name, args) {
  const names = readdirSync(join(root, 'bench'))
    .filter((file) => file.endsWith('.ts'))
    .map((file) => file.slice(0, -'.ts'.length))
  if (name !== undefined && names.includes(name)) return runCompiled('bench', `bench/${name}.js`, args)
  if (name !== undefined) return refuse(`there is no benchmark named '${name}'`, names)
  console.log(['npm run bench -- <name> [arguments], where <name> is one of', ...names].join('\n  '))
}

/**
 * @param {string} folder the folder below build
 * @param {string} script
 * @param {string[]} args
 */
async function runCompiled(folder, script, args) {
  await main(async () => {
    await install()
    const output = join('build', folder)
    const compiler = programOf('typescript', 'tsc')
    await step('compile (tsc)', process.execPath, [
      compiler,
      '-p',
      'tsconfig.programs.json',
      '--outDir',
      output,
    ])
    const path = join(root, output, script)
    if (!existsSync(path)) throw new Error(`the compiler made no ${path}`)
    await become(path, args)
  })
}

/**
 * @param {string} message
 * @param {string[]} known
 */
function refuse(message, known) {
  console.error(`odradek: ${message}: use ${known.join(', ')}`)
  process.exitCode = 2
}

/**
 * @param {string} name
 * @returns {name is keyof typeof programs}
 */
function isProgram(name) {
  return Object.hasOwn(programs, name)
}
