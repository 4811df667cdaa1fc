import { existsSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'

/** The folder of the project's package.json, from wherever this file was compiled to. */
export const projectFolder: string = folderAbove(dirname(fileURLToPath(import.meta.url)))

/** Where the peers are installed: beside the project's own packages, never among them. */
export const peersFolder: string = join(projectFolder, '.cache', 'peers')

const requireFromPeers = createRequire(join(peersFolder, 'package.json'))

/** An installed peer's module, whichever kind of module it is. The caller says what it expects of it. */
export async function importPeer<Module>(name: string): Promise<Module> {
  const module = await import(pathToFileURL(requireFromPeers.resolve(name)).href)
  return module.default ?? module
}

/** The version of an installed peer, as its own package.json says. */
export function installedVersion(name: string): string {
  return installedManifest(name).version
}

export interface InstalledManifest {
  readonly version: string
  readonly engines?: { readonly node?: string }
  /** Of the binding: the release of librdkafka that it was made with. */
  readonly librdkafka?: string
}

export function installedManifest(name: string): InstalledManifest {
  return JSON.parse(readFileSync(join(peersFolder, 'node_modules', name, 'package.json'), 'utf8'))
}

function folderAbove(folder: string): string {
  return existsSync(join(folder, 'package.json')) ? folder : folderAbove(dirname(folder))
}
