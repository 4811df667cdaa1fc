import type { Buffer } from 'node:buffer'
import { types } from 'node:util'
import type { Files } from '../environment/files.js'
import { ConfigError } from '../errors.js'
import { quoted, shortened } from './words.js'

const meanings: ReadonlyMap<string, string> = new Map([
  ['ENOENT', 'there is no such file (ENOENT)'],
  ['EACCES', 'this process may not read the file (EACCES)'],
  ['EISDIR', 'it is a folder (EISDIR)'],
])

/**
 * Reads a file that a setting names.
 *
 * @throws ConfigError with the path and the reason, and without anything of the file
 */
export function namedFile(key: string, path: string, files: Files): Buffer {
  try {
    return files.read(path)
  } catch (error) {
    const code = types.isNativeError(error) && 'code' in error ? String(error.code) : ''
    const reason = code === '' && types.isNativeError(error) ? error.message : (meanings.get(code) ?? code)
    throw new ConfigError(key, `${shownFile(key, path)} cannot be read: ${reason}`)
  }
}

/** A setting and its file, at the beginning of a sentence. */
export function shownFile(key: string, path: string): string {
  return `${key} ${quoted(shortened(path))}`
}
