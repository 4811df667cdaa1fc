import type { Buffer } from 'node:buffer'

/** Up to this many characters, a loop in JavaScript is faster than a call into the runtime's UTF-8 code. */
const SHORT = 32

/** Bytes of `text` in UTF-8. An unpaired surrogate counts three bytes, because it is written as U+FFFD. */
export function utf8Size(text: string, byteLength: (text: string) => number): number {
  const length = text.length
  if (length > SHORT) return byteLength(text)
  for (let i = 0; i < length; i++) {
    if (text.charCodeAt(i) > 0x7f) return byteLength(text)
  }
  return length
}

/** Writes `text`, which takes `size` bytes, and returns the offset behind it. */
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
