import { Buffer } from 'node:buffer'
import { ProtocolError } from '../errors.js'

/** How much of an answer that is not Kafka's an error shows. */
const SHOWN_BYTES = 64

/**
 * Cuts the byte stream of a connection into frames. Chunks are kept as they came: a frame that lies within one chunk is a view of
 * it, and one that does not is joined once, when it is complete.
 */
export class FrameDecoder {
  readonly #maxFrameBytes: number
  #chunks: Buffer[] = []
  /** Where the first chunk has been read to. */
  #offset = 0
  /** Bytes that are there and not yet read. */
  #available = 0
  /** Of the frame being collected; -1 while its size has not arrived. */
  #size = -1

  constructor(maxFrameBytes: number) {
    this.#maxFrameBytes = maxFrameBytes
  }

  push(chunk: Buffer): void {
    if (chunk.length === 0) return
    this.#chunks.push(chunk)
    this.#available += chunk.length
  }

  /**
   * The next whole frame, without its size; null until more bytes have come.
   *
   * @throws ProtocolError if the size cannot be one; the stream makes no sense from there on
   */
  next(): Buffer | null {
    if (this.#size === -1) {
      if (this.#available < 4) return null
      const size = this.#take(4).readInt32BE(0)
      if (size <= 0 || size > this.#maxFrameBytes) throw this.#notAFrame(size)
      this.#size = size
    }
    if (this.#available < this.#size) return null
    const frame = this.#take(this.#size)
    this.#size = -1
    return frame
  }

  /** Lets go of everything that has arrived. */
  clear(): void {
    this.#chunks = []
    this.#offset = 0
    this.#available = 0
    this.#size = -1
  }

  #take(size: number): Buffer {
    const [first] = this.#chunks
    if (first === undefined) throw new Error('more bytes were taken than have arrived')
    const end = this.#offset + size
    this.#available -= size
    if (end < first.length) {
      const view = first.subarray(this.#offset, end)
      this.#offset = end
      return view
    }
    if (end === first.length) {
      const view = first.subarray(this.#offset)
      this.#chunks.shift()
      this.#offset = 0
      return view
    }
    return this.#join(size)
  }

  #join(size: number): Buffer {
    const joined = Buffer.allocUnsafe(size)
    let filled = 0
    let read = 0
    for (const chunk of this.#chunks) {
      const copied = chunk.copy(joined, filled, this.#offset)
      filled += copied
      this.#offset += copied
      if (this.#offset < chunk.length) break
      read += 1
      this.#offset = 0
      if (filled === size) break
    }
    // Once for the whole frame: a shift per chunk would make many small chunks quadratic.
    this.#chunks.splice(0, read)
    return joined
  }

  #notAFrame(size: number): ProtocolError {
    const sizeBytes = Buffer.alloc(4)
    sizeBytes.writeInt32BE(size)
    const rest = this.#chunks.map((chunk, i) => (i === 0 ? chunk.subarray(this.#offset) : chunk))
    return new ProtocolError(
      describeForeignBytes(Buffer.concat([sizeBytes, ...rest]).subarray(0, SHOWN_BYTES)) ??
        (size > 0
          ? `a response of ${size} bytes, more than the ${this.#maxFrameBytes} that are accepted`
          : `a response of ${size} bytes`),
    )
  }
}

/** What speaks there, if bytes that are no Kafka frame show it. */
function describeForeignBytes(bytes: Buffer): string | undefined {
  const [type, major] = bytes
  if ((type === 0x15 || type === 0x16) && major === 0x03)
    return `the port speaks TLS: it answered with a TLS ${type === 0x15 ? 'alert' : 'handshake'}, and this connection has no TLS. Set security.protocol to SSL or SASL_SSL, or use the plaintext port`
  const line = printableStart(bytes)
  if (line.startsWith('HTTP'))
    return `the port speaks HTTP, not Kafka: it answered "${line}". Check the port in bootstrap.servers or advertised.listeners`
  if (line.length >= 4) return `what answers is not Kafka: its answer starts with "${line}"`
  return undefined
}

/** The text up to the first byte that is not printable ASCII. */
function printableStart(bytes: Buffer): string {
  const end = bytes.findIndex((byte) => byte < 0x20 || byte > 0x7e)
  return bytes.toString('latin1', 0, end === -1 ? bytes.length : end)
}
