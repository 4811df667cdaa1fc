import { Buffer } from 'node:buffer'

/** The topic id that stands for no topic. */
export const ZERO_UUID = 'AAAAAAAAAAAAAAAAAAAAAA'

/** Kafka's text form of a UUID: its 16 bytes in URL-safe base64 without padding, 22 characters. */
export function uuidFromBytes(bytes: Buffer): string {
  return bytes.toString('base64url')
}

/**
 * The 16 bytes of a UUID in Kafka's text form.
 *
 * @throws RangeError if `uuid` is not in that form
 */
export function uuidToBytes(uuid: string): Uint8Array {
  const bytes = Buffer.from(uuid, 'base64url')
  if (bytes.length !== 16)
    throw new RangeError(`not a UUID in Kafka's form (22 characters of URL-safe base64): ${uuid}`)
  return bytes
}
