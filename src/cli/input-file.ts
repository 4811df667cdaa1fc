import { open } from 'node:fs/promises'
import type { Readable } from 'node:stream'
import { CommandFailure, describeFailure } from './failure.js'

const CHUNK_BYTES = 256 * 1024

/** A file that is to be read from its beginning to its end. */
export interface InputFile {
  readonly stream: Readable
  /** Bytes; 0 for what has no size, such as a device. */
  readonly size: number
}

/** @throws CommandFailure if it cannot be opened, or is a directory */
export async function openInputFile(file: string): Promise<InputFile> {
  try {
    const handle = await open(file)
    const stat = await handle.stat()
    if (stat.isDirectory()) {
      await handle.close()
      throw new CommandFailure('it is a directory')
    }
    return { stream: handle.createReadStream({ highWaterMark: CHUNK_BYTES }), size: stat.size }
  } catch (error) {
    throw new CommandFailure(`cannot read ${file}: ${describeFailure(error)}`)
  }
}
