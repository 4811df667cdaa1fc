import { fetchedProgram } from './fetched-program.js'

/** One release of each Node this package supports; the first is the oldest that `engines` allows. */
export const nodeReleases = ['20.19.0', '22.23.3', '24.21.0', '26.10.0'] as const

export type NodeRelease = (typeof nodeReleases)[number]

/**
 * The path of that release's program, fetched from the npm registry the first time. Rejects where it cannot
 * be had.
 */
export async function nodeProgram(release: NodeRelease): Promise<string> {
  if (process.versions.node === release) return process.execPath
  const packageName = `node-${process.platform}-${process.arch}`
  return fetchedProgram({ name: 'node', version: release, packageName, path: 'bin/node' })
}
