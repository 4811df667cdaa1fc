// The setup of every script in this folder: the dependencies, and a build of the current sources. Only Node's
// own modules are imported here, because a fresh clone has no others.

import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { constants } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'

/** The folder of package.json. */
export const root = dirname(dirname(fileURLToPath(import.meta.url)))

/**
 * The digest of the sources of the last build. It cannot be in dist, because dist is published as a whole.
 */
const buildStamp = join(root, '.cache', 'build-inputs.sha256')

/** A step failed. Its output has been printed already. */
export class StepFailed extends Error {
  /**
   * @param {string} step
   * @param {number} exitCode
   */
  constructor(step, exitCode) {
    super(`${step} failed (exit code ${exitCode})`)
    this.step = step
    this.exitCode = exitCode
  }
}

/**
 * Runs a script's own work. A failed step ends the process with the step's exit code and one line that names
 * the step.
 */
export async function main(/** @type {() => Promise<void>} */ work) {
  try {
    await work()
  } catch (error) {
    if (!(error instanceof StepFailed)) throw error
    console.error(`odradek: FAILED: ${error.message}`)
    process.exitCode = error.exitCode
  }
}

/** Installs the dependencies unless node_modules agrees with package-lock.json. */
export async function install() {
  if (installedAsLocked()) return
  // Development dependencies are installed whatever NODE_ENV is, because the compiler is one. No package
  // needs its install scripts.
  const args = ['ci', '--include=dev', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error']
  const { npm_execpath: npm = '' } = process.env
  if (/[\\/]npm-cli\.c?js$/.test(npm)) await step('install (npm ci)', process.execPath, [npm, ...args])
  else await step('install (npm ci)', 'npm', args)
}

/** Builds dist unless it was built from the current sources. */
export async function build() {
  if (isBuilt()) return
  await step('build (tsc)', process.execPath, [join(root, 'scripts', 'build.js')])
}

export function isBuilt() {
  return existsSync(join(root, 'dist')) && readText(buildStamp) === buildInputs()
}

/** Notes the digest of the sources that dist was built from. */
export function stampBuild(/** @type {string} */ inputs) {
  mkdirSync(dirname(buildStamp), { recursive: true })
  writeFileSync(buildStamp, inputs)
}

/** A digest of every file that a build depends on. */
export function buildInputs() {
  const files = ['package-lock.json', 'tsconfig.json', 'tsconfig.build.json', join('scripts', 'build.js')]
  for (const entry of readdirSync(join(root, 'src'), { recursive: true, withFileTypes: true })) {
    if (entry.isFile()) files.push(join(entry.parentPath, entry.name).slice(root.length + 1))
  }
  const digest = createHash('sha256')
  for (const file of files.sort())
    digest
      .update(`${file}\0`)
      .update(readFileSync(join(root, file)))
      .update('\0')
  return digest.digest('hex')
}

/**
 * Runs a program to its end and prints one line on stderr. The output of the program is shown only if it
 * fails.
 *
 * @param {string} name
 * @param {string} command
 * @param {string[]} args
 */
export async function step(name, command, args) {
  const start = performance.now()
  process.stderr.write(`odradek: ${name} ... `)
  const { exitCode, output } = await run(command, args, 'captured')
  const seconds = ((performance.now() - start) / 1000).toFixed(1)
  process.stderr.write(exitCode === 0 ? `${seconds} s\n` : `failed after ${seconds} s\n`)
  if (exitCode === 0) return
  process.stderr.write(output)
  throw new StepFailed(name, exitCode)
}

/**
 * Runs a program in the project's folder. A signal that would end this process ends the program first, so
 * that it does not stay behind.
 *
 * @param {string} command
 * @param {string[]} args
 * @param {'captured' | 'inherited'} output
 * @param {Record<string, string>} [environment] added to this process's own
 * @returns {Promise<{ exitCode: number, output: string }>}
 */
export function run(command, args, output, environment = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd: root,
      env: { ...process.env, ...environment },
      stdio: output === 'captured' ? ['ignore', 'pipe', 'pipe'] : 'inherit',
    })
    /** @type {Buffer[]} */
    const chunks = []
    child.stdout?.on('data', (chunk) => chunks.push(chunk))
    child.stderr?.on('data', (chunk) => chunks.push(chunk))

    /** @type {NodeJS.Signals | undefined} */
    let received
    const passOn = (/** @type {NodeJS.Signals} */ signal) => {
      received = signal
      child.kill(signal)
    }
    const signals = /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])
    for (const signal of signals) process.on(signal, passOn)

    child.on('error', (error) => reject(new Error(`cannot run ${command}`, { cause: error })))
    child.on('close', (code, signal) => {
      for (const name of signals) process.removeListener(name, passOn)
      // The listeners are gone, so the signal now ends this process.
      if (received !== undefined) process.kill(process.pid, received)
      const exitCode = code ?? 128 + constants.signals[/** @type {NodeJS.Signals} */ (signal)]
      resolve({ exitCode, output: Buffer.concat(chunks).toString() })
    })
  })
}

/**
 * The script of an installed package's command.
 *
 * @param {string} packageName
 * @param {string} [command]
 */
export function programOf(packageName, command = packageName) {
  const folder = join(root, 'node_modules', packageName)
  return join(folder, JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')).bin[command])
}

/**
 * Runs the given script in this process, so that it has the terminal, the signals and the exit code.
 *
 * @param {string} script
 * @param {string[]} args
 */
export async function become(script, args) {
  process.argv = [process.execPath, script, ...args]
  await import(pathToFileURL(script).href)
}

function installedAsLocked() {
  const installed = readText(join(root, 'node_modules', '.package-lock.json'))
  if (installed === undefined) return false
  const present = JSON.parse(installed).packages
  const wanted = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')).packages
  return Object.entries(wanted).every(([path, { version, integrity, optional, devOptional }]) => {
    const found = present[path]
    // The binaries of other platforms are locked but not installed.
    if (found === undefined) return path === '' || optional || devOptional
    return found.version === version && found.integrity === integrity
  })
}

function readText(/** @type {string} */ path) {
  return existsSync(path) ? readFileSync(path, 'utf8') : undefined
}
