import { existsSync } from 'node:fs'
import { mkdir, rename, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { runCommand } from '../support/kafka/run-command.js'

const cache = join(dirname(dirname(dirname(fileURLToPath(import.meta.url)))), '.cache', 'node')

/** One release of each Node this package supports; the first is the oldest that `engines` allows. */
export const nodeReleases = ['20.19.0', '22.23.3', '24.21.0', '26.10.0'] as const

export type NodeRelease = (typeof nodeReleases)[number]

/** The path of that release's program, fetched from the npm registry the first time. Rejects where it cannot be had. */
export async function nodeProgram(release: NodeRelease): Promise<string> {
  if (process.versions.node === release) return process.execPath
  const folder = join(cache, release)
  const program = join(folder, 'node')
  if (existsSync(program)) return program

  const packageName = `node-${process.platform}-${process.arch}`
  const partial = `${folder}.${process.pid}`
  try {
    await mkdir(partial, { recursive: true })
    await runCommand('npm', [
      'install',
      '--prefix',
      partial,
      '--ignore-scripts',
      '--no-save',
      '--no-audit',
      '--no-fund',
      '--loglevel=error',
      `${packageName}@${release}`,
    ])
    await mkdir(folder, { recursive: true })
    // Only the program is kept, and only whole: a rename happens or does not.
    await rename(join(partial, 'node_modules', packageName, 'bin', 'node'), program)
  } finally {
    await rm(partial, { recursive: true, force: true })
  }
  return program
}
