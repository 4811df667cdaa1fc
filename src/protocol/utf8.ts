import type { Buffer } from 'node:buffer'

/**
 * Up to this many characters a loop in JavaScript is faster than the call into the runtime's UTF-8 code.
 */
const SHORT = 32

/** Bytes that `text` takes in UTF-8. An unpaired surrogate counts as U+FFFD, three bytes, as it will be written. */
export function utf8Size(text: string, byteLength: (text: string) => number): number {
  const length = text.length
  if (length > SHORT) return byteLength(text)
  for (let i = 0; i < length; i++) {
    if (text.charCodeAt(i) > 0x7f) return byteLength(text)
  }
  return length
}

/** Writes `text`, whose size is `size` bytes, and returns the offset behind it. */
export function writeUtf8(target: Buffer, offset: number, text: string, size: number): number {
  const length = text.length
  if (size !== length) {
    target.write(text, offset, size, 'utf8')
  } else if (length > SHORT) {
    target.write(text, offset, size, 'latin1')
  } else {
    for (let i = 0; i < length; i++) target[offset + i] = text.charCodeAt(i)
  }
  return offset + size
}
