/**
 * The throttle time in a whole Produce response, size field included. This parser is independent of the
 * client under test.
 */
export function throttleTimeOf(response: Buffer, version: number): number {
  // Up to version 8 it is the last field. From version 9 on, tagged fields may follow.
  return version < 9
    ? response.readInt32BE(response.length - 4)
    : new FlexibleResponse(response, version).throttleTime()
}

/** https://kafka.apache.org/protocol#The_Messages_Produce, versions 9 to 13. */
class FlexibleResponse {
  readonly #bytes: Buffer
  readonly #version: number
  #position = 8 // after the size and the correlation id

  constructor(bytes: Buffer, version: number) {
    this.#bytes = bytes
    this.#version = version
  }

  throttleTime(): number {
    this.#skipTags()
    this.#skipArray(() => this.#skipTopic())
    return this.#bytes.readInt32BE(this.#position)
  }

  #skipTopic(): void {
    if (this.#version >= 13) this.#position += 16
    else this.#skipString()
    this.#skipArray(() => this.#skipPartition())
    this.#skipTags()
  }

  #skipPartition(): void {
    // Index, error code, base offset, append time, log start offset.
    this.#position += 4 + 2 + 8 + 8 + 8
    this.#skipArray(() => {
      this.#position += 4 // which record
      this.#skipString()
      this.#skipTags()
    })
    this.#skipString()
    this.#skipTags()
  }

  #skipArray(skipItem: () => void): void {
    const count = this.#varint() - 1
    for (let i = 0; i < count; i++) skipItem()
  }

  #skipString(): void {
    const length = this.#varint() - 1
    this.#position += Math.max(0, length)
  }

  #skipTags(): void {
    const count = this.#varint()
    for (let i = 0; i < count; i++) {
      this.#varint() // which tag
      const length = this.#varint()
      this.#position += length
    }
  }

  #varint(): number {
    let value = 0
    for (let shift = 0; ; shift += 7) {
      const byte = this.#bytes.readUInt8(this.#position++)
      value |= (byte & 0x7f) << shift
      if (byte < 0x80) return value
    }
  }
}
