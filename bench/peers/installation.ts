import { existsSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'

/** The folder of the project's package.json. This file may have been compiled to any folder below it. */
export const projectFolder: string = folderAbove(dirname(fileURLToPath(import.meta.url)))

/** The folder of the peers, separate from the project's own packages. */
export const peersFolder: string = join(projectFolder, '.cache', 'peers')

const requireFromPeers = createRequire(join(peersFolder, 'package.json'))

/** The module of an installed peer, of either kind. The caller gives the expected type. */
export async function importPeer<Module>(name: string): Promise<Module> {
  const module = await import(pathToFileURL(requireFromPeers.resolve(name)).href)
  return module.default ?? module
}

/** The version of an installed peer from its package.json. */
export function installedVersion(name: string): string {
  return installedManifest(name).version
}

export interface InstalledManifest {
  readonly version: string
  readonly engines?: { readonly node?: string }
  /** The release of librdkafka that the binding was made with. */
  readonly librdkafka?: string
}

export function installedManifest(name: string): InstalledManifest {
  return JSON.parse(readFileSync(join(peersFolder, 'node_modules', name, 'package.json'), 'utf8'))
}

function folderAbove(folder: string): string {
  return existsSync(join(folder, 'package.json')) ? folder : folderAbove(dirname(folder))
}
