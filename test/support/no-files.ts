import type { Files } from '../../src/environment/files.js'

/** A world without files. */
export const noFiles: Files = {
  read: (path) => {
    throw new Error(`there is no file ${path} here`)
  },
  state: (path) => {
    throw new Error(`there is no file ${path} here`)
  },
}
