import type { Buffer } from 'node:buffer'

/** The state of a file that may be replaced while the client runs. */
export interface FileState {
  /** Changes when the file is written or replaced. */
  readonly version: string
  /** Whether other users of the machine may read it, as far as the system tells. */
  readonly isReadableByOthers: boolean
}

/**
 * The files that settings name. They are small, and are read at the construction of a client and before a
 * connection, so the calls are synchronous. Both throw if the file cannot be reached.
 */
export interface Files {
  read(path: string): Buffer
  /** The state of the file that the path leads to now, over all symbolic links. */
  state(path: string): FileState
}
