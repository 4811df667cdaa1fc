import type { Files } from '../../src/environment/files.js'

/** Files that a test writes and replaces. */
export class FilesInMemory implements Files {
  readonly #files = new Map<string, { readonly text: string; readonly version: number }>()
  #version = 0
  /** The paths that were read, in order. */
  readonly reads: string[] = []
  isReadableByOthers = false

  write(path: string, text: string): this {
    this.#version++
    this.#files.set(path, { text, version: this.#version })
    return this
  }

  read(path: string): Buffer {
    this.reads.push(path)
    return Buffer.from(this.#found(path).text)
  }

  state(path: string): { version: string; isReadableByOthers: boolean } {
    return { version: String(this.#found(path).version), isReadableByOthers: this.isReadableByOthers }
  }

  #found(path: string): { readonly text: string; readonly version: number } {
    const found = this.#files.get(path)
    if (found !== undefined) return found
    throw Object.assign(new Error('no such file'), { code: 'ENOENT' })
  }
}
