import { existsSync } from 'node:fs'
import { mkdir, rename, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { runCommand } from '../support/kafka/run-command.js'

const cache = join(dirname(dirname(dirname(fileURLToPath(import.meta.url)))), '.cache')

/** A program that an npm package holds. */
export interface PackagedProgram {
  /** The runtime's name, which is a folder of the cache. */
  readonly name: string
  readonly version: string
  readonly packageName: string
  /** The path of the program in the package. */
  readonly path: string
}

/** The path of the program, fetched from the npm registry the first time. Rejects where it cannot be had. */
export async function fetchedProgram({ name, version, packageName, path }: PackagedProgram): Promise<string> {
  const folder = join(cache, name, version)
  const program = join(folder, name)
  if (existsSync(program)) return program

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
      `${packageName}@${version}`,
    ])
    await mkdir(folder, { recursive: true })
    // Only the program is kept, and only whole: a rename happens or does not.
    await rename(join(partial, 'node_modules', packageName, path), program)
  } finally {
    await rm(partial, { recursive: true, force: true })
  }
  return program
}
