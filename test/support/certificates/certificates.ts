import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { projectFolder } from '../project-folder.js'

const folder = join(projectFolder(), 'test', 'support', 'certificates', 'made')

/** The path of a file that `make-certificates.sh` has made. */
export function certificateFile(name: string): string {
  return join(folder, name)
}

export function certificateBytes(name: string): Buffer {
  return readFileSync(certificateFile(name))
}

export function certificateText(name: string): string {
  return readFileSync(certificateFile(name), 'utf8')
}

/** The password of every key and store in the folder, except for the key in `client.keypass.jks`. */
export const password = 'changeit'
