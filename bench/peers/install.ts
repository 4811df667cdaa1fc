import { createHash } from 'node:crypto'
import { copyFile, mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { runCommand } from '../../test/support/kafka/run-command.js'
import { peersFolder, projectFolder } from './installation.js'

const packagesFolder = join(projectFolder, 'bench', 'peers', 'packages')
const files = ['package.json', 'package-lock.json']
const compileLimitMs = 30 * 60_000

/**
 * Installs the peers into `.cache/peers` unless they are installed, and compiles the one with native code.
 */
export async function installPeers(): Promise<void> {
  await installJavaScriptPeers()
  await once('compiled.sha256', compileBinding)
}

/** Installs the peers of `packages/package-lock.json` without compiling native code. */
export async function installJavaScriptPeers(): Promise<void> {
  await once('installed.sha256', async () => {
    for (const file of files) await copyFile(join(packagesFolder, file), join(peersFolder, file))
    console.error('installing the peers into .cache/peers')
    const quiet = ['--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error']
    await runCommand('npm', ['ci', '--prefix', peersFolder, ...quiet])
    // The installation has removed the compiled code.
    await rm(join(peersFolder, 'compiled.sha256'), { force: true })
  })
}

/** Does `work` unless it was done for the current list of packages. */
async function once(stampName: string, work: () => Promise<void>): Promise<void> {
  const stamp = join(peersFolder, stampName)
  const wanted = await digestOfFiles()
  if ((await readFile(stamp, 'utf8').catch(() => '')) === wanted) return
  await mkdir(peersFolder, { recursive: true })
  await work()
  await writeFile(stamp, wanted)
}

/**
 * Compiles librdkafka's binding from its own package, with the Node that runs this program and the libraries
 * of this machine. The prebuilt binaries are not in the registry.
 */
async function compileBinding(): Promise<void> {
  console.error('compiling librdkafka and its binding: some minutes')
  try {
    await runCommand('npm', ['rebuild', '--prefix', peersFolder, '@confluentinc/kafka-javascript'], {
      // Links dynamically to the libraries of the machine. Few of them are there as static archives.
      env: { CKJS_LINKING: 'dynamic', npm_config_build_from_source: 'true' },
      timeoutMs: compileLimitMs,
    })
  } catch (error) {
    throw new Error(
      'the binding of librdkafka did not compile; on Debian it needs g++ make python3 libssl-dev libsasl2-dev libcurl4-openssl-dev libzstd-dev zlib1g-dev',
      { cause: error },
    )
  }
}

async function digestOfFiles(): Promise<string> {
  const digest = createHash('sha256').update(process.versions.modules)
  for (const file of files) digest.update(await readFile(join(packagesFolder, file)))
  return digest.digest('hex')
}
