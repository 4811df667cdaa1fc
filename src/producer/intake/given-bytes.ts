import { types } from 'node:util'
import { SerializationError } from '../../errors.js'

/**
 * Whether a value is a Uint8Array, of any realm: a test runner's sandbox and `vm` have classes of their own.
 */
export function isBytes(value: unknown): value is Uint8Array {
  return value instanceof Uint8Array || types.isUint8Array(value)
}

/**
 * Returns 0 for bytes of length 0 that are really empty.
 *
 * @throws SerializationError if the bytes are lost: their buffer was transferred to a thread, or has shrunk
 * below them
 */
export function sizeOfEmpty(bytes: Uint8Array, what: string, topic: string): 0 {
  try {
    // Lost bytes have the length 0 as well. Only a method checks whether they are there.
    bytes.at(0)
    return 0
  } catch (cause) {
    throw new SerializationError(
      `${what} of a record for topic ${topic} is a Uint8Array whose buffer is detached or has become too short: its bytes are gone`,
      { topic, cause },
    )
  }
}

/** The kind of a value that cannot be sent, for an error message. */
export function kindOf(value: unknown): string {
  if (value === null || value === undefined) return `${value}`
  if (Array.isArray(value)) return 'an array'
  if (typeof value !== 'object') return `a ${typeof value}`
  const name: unknown = value.constructor?.name
  return typeof name === 'string' && name !== '' && name !== 'Object'
    ? `an object of class ${name}`
    : 'an object'
}

/** How the caller can turn a value that cannot be sent into one that can. */
export function adviceFor(value: unknown): string {
  if (types.isAnyArrayBuffer(value)) return 'make it new Uint8Array(buffer)'
  if (ArrayBuffer.isView(value))
    return 'make it new Uint8Array(data.buffer, data.byteOffset, data.byteLength)'
  if (typeof value === 'object' || typeof value === 'boolean') return 'JSON.stringify it'
  if (typeof value === 'number' || typeof value === 'bigint') return 'String(...) makes it text'
  return ''
}
