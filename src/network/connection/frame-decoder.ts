import { Buffer } from 'node:buffer'
import { ProtocolError } from '../../errors.js'

/** The type of a TLS record that ends a connection. */
const TLS_ALERT = 0x15

/** Bytes that an error shows of a response that is not Kafka's. */
const SHOWN_BYTES = 64

/**
 * Cuts the byte stream of a connection into frames. Chunks are kept as they came. A frame within one chunk is
 * a view of that chunk. Any other frame is joined once, when it is complete.
 */
export class FrameDecoder {
  #maxFrameBytes: number
  /** Whether the limit is a temporary one, which no setting raises. */
  #isStrict = false
  #chunks: Buffer[] = []
  /** The position in the first chunk up to which it has been read. */
  #offset = 0
  /** Bytes that have arrived and are not yet read. */
  #available = 0
  /** Size of the frame that is being collected; -1 until the size has arrived. */
  #size = -1
  /** Whether no size has arrived yet. Only then the bytes may be those of TLS. */
  #isFirst = true

  constructor(maxFrameBytes: number) {
    this.#maxFrameBytes = maxFrameBytes
  }

  /** Whether no byte has ever arrived. */
  get isUntouched(): boolean {
    return this.#isFirst && this.#available === 0
  }

  /** From now on a larger frame is refused. A frame that is being collected is not looked at again. */
  limit(maxFrameBytes: number, isStrict: boolean): void {
    this.#maxFrameBytes = maxFrameBytes
    this.#isStrict = isStrict
  }

  push(chunk: Buffer): void {
    if (chunk.length === 0) return
    this.#chunks.push(chunk)
    this.#available += chunk.length
  }

  /**
   * The next whole frame, without its size; null until more bytes have come.
   *
   * @throws ProtocolError if the size is impossible. The rest of the stream makes no sense then
   */
  next(): Buffer | null {
    if (this.#size === -1) {
      if (this.#available < 4) return null
      const size = this.#take(4).readInt32BE(0)
      const isFirst = this.#isFirst
      this.#isFirst = false
      if (size <= 0 || size > this.#maxFrameBytes || (isFirst && isTlsRecord(size)))
        throw this.#notAFrame(size, isFirst)
      this.#size = size
    }
    if (this.#available < this.#size) return null
    const frame = this.#take(this.#size)
    this.#size = -1
    return frame
  }

  /** Drops everything that has arrived. */
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
    // One splice for the whole frame: a shift for each chunk would be quadratic in the number of small
    // chunks.
    this.#chunks.splice(0, read)
    return joined
  }

  #notAFrame(size: number, isFirst: boolean): ProtocolError {
    const sizeBytes = Buffer.alloc(4)
    sizeBytes.writeInt32BE(size)
    const rest = this.#chunks.map((chunk, i) => (i === 0 ? chunk.subarray(this.#offset) : chunk))
    const stranger = describeForeignBytes(Buffer.concat([sizeBytes, ...rest]).subarray(0, SHOWN_BYTES))
    if (isFirst && isTlsRecord(size)) return new ProtocolError(speaksTls(size), { code: 'TLS_REQUIRED' })
    if (stranger !== undefined) return new ProtocolError(stranger)
    if (size <= 0) return new ProtocolError(`a response of ${size} bytes`)
    if (this.#isStrict)
      return new ProtocolError(
        `a response of ${size} bytes, more than the ${this.#maxFrameBytes} that are taken before the connection is set up`,
      )
    const limit = `more than the ${this.#maxFrameBytes} of maxResponseBytes: raise it`
    return new ProtocolError(`a response of ${size} bytes, ${limit}`, { code: 'RESPONSE_TOO_LARGE' })
  }
}

/** Whether a size is the beginning of a TLS record: its type, and the major version 3. */
function isTlsRecord(size: number): boolean {
  const type = size >>> 24
  return type >= 0x14 && type <= 0x17 && ((size >>> 16) & 0xff) === 0x03
}

function speaksTls(size: number): string {
  const kind = size >>> 24 === TLS_ALERT ? 'alert' : 'handshake'
  return `the port speaks TLS: it answered with a TLS ${kind}, and this connection has no TLS. Set security.protocol to SSL or SASL_SSL, or use the plaintext port`
}

/** Names the protocol that the port speaks, if bytes that are no Kafka frame reveal it. */
function describeForeignBytes(bytes: Buffer): string | undefined {
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
