import { createHash } from 'node:crypto'
import { copyFile, mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { runCommand } from '../../test/support/kafka/run-command.js'
import { peersFolder, projectFolder } from './installation.js'

const packagesFolder = join(projectFolder, 'bench', 'peers', 'packages')
const files = ['package.json', 'package-lock.json']
const compileLimitMs = 30 * 60_000

/**
 * Installs the peers into `.cache/peers` unless that has been done: exactly what `packages/package-lock.json` says, from the npm registry.
 * The one with native code is compiled here, out of its own package, with the Node that runs this and against this machine's
 * libraries: what its makers publish ready-made lies elsewhere.
 */
export async function installPeers(): Promise<void> {
  const stamp = join(peersFolder, 'installed.sha256')
  const wanted = await digestOfFiles()
  if ((await readFile(stamp, 'utf8').catch(() => '')) === wanted) return
  await mkdir(peersFolder, { recursive: true })
  for (const file of files) await copyFile(join(packagesFolder, file), join(peersFolder, file))
  console.error('installing the peers into .cache/peers')
  const quiet = ['--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error']
  await runCommand('npm', ['ci', '--prefix', peersFolder, ...quiet])
  await compileBinding()
  await writeFile(stamp, wanted)
}

async function compileBinding(): Promise<void> {
  console.error('compiling librdkafka and its binding: some minutes')
  try {
    await runCommand('npm', ['rebuild', '--prefix', peersFolder, '@confluentinc/kafka-javascript'], {
      // Dynamic: so that the libraries of the machine will do, of which few come as archives to link in.
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
