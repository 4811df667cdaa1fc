import { closeSync, fstatSync, openSync, readFileSync, statSync } from 'node:fs'
import type { Files } from './files.js'

/** More than any file that a setting names. A larger file is not read into memory. */
const MAX_BYTES = 16 * 1024 * 1024
/** The permissions of the group and of all others. */
const GROUP_AND_OTHERS = 0o077

/** Node's file system. */
export const nodeFiles: Files = {
  read(path) {
    const file = openSync(path, 'r')
    try {
      const stats = fstatSync(file)
      if (!stats.isFile()) throw new Error('it is not a file')
      if (stats.size > MAX_BYTES) throw new Error(`it has ${stats.size} bytes, more than ${MAX_BYTES}`)
      return readFileSync(file)
    } finally {
      closeSync(file)
    }
  },
  state(path) {
    const { mtimeMs, ctimeMs, size, ino, dev, mode } = statSync(path)
    const isPosix = process.platform !== 'win32'
    return {
      version: `${dev}:${ino}:${size}:${mtimeMs}:${ctimeMs}`,
      isReadableByOthers: isPosix && (mode & GROUP_AND_OTHERS) !== 0,
    }
  },
}
