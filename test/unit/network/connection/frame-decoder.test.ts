import { describe, expect, it } from 'vitest'
import { ProtocolError } from '../../../../src/errors.js'
import { FrameDecoder } from '../../../../src/network/connection/frame-decoder.js'
import { seededRandom } from '../../../support/seeded-random.js'

function framed(body: Uint8Array): Buffer {
  const size = Buffer.alloc(4)
  size.writeInt32BE(body.length)
  return Buffer.concat([size, body])
}

function drain(decoder: FrameDecoder): Buffer[] {
  const frames: Buffer[] = []
  for (let frame = decoder.next(); frame !== null; frame = decoder.next()) frames.push(frame)
  return frames
}

/** Vitest compares texts at once, and buffers byte by byte. */
function texts(frames: readonly Buffer[]): string[] {
  return frames.map((frame) => frame.toString('latin1'))
}

/** The message with which a decoder refuses `bytes`. */
function refusal(bytes: Uint8Array | readonly number[], max = 1000): string {
  const decoder = new FrameDecoder(max)
  decoder.push(Buffer.from(bytes))
  try {
    decoder.next()
  } catch (error) {
    expect(error).toBeInstanceOf(ProtocolError)
    return (error as Error).message
  }
  throw new Error('it was taken for a frame')
}

describe('FrameDecoder', () => {
  const bodies = ['a', 'bc', 'the third frame', 'x'.repeat(300)].map((text) => Buffer.from(text))
  const stream = Buffer.concat(bodies.map(framed))

  it('finds the frames of one chunk without copying them', () => {
    const decoder = new FrameDecoder(1000)
    decoder.push(stream)
    const frames = drain(decoder)
    expect(frames).toEqual(bodies)
    for (const frame of frames) expect(frame.buffer).toBe(stream.buffer)
  })

  it('finds the frames when the bytes come one at a time', () => {
    const decoder = new FrameDecoder(1000)
    const frames: Buffer[] = []
    for (const byte of stream) {
      decoder.push(Buffer.from([byte]))
      frames.push(...drain(decoder))
    }
    expect(frames).toEqual(bodies)
  })

  it('finds the frames wherever the chunks end', () => {
    const random = seededRandom(7)
    const expected = texts(bodies)
    for (let round = 0; round < 500; round++) {
      const decoder = new FrameDecoder(1000)
      const frames: Buffer[] = []
      for (let start = 0; start < stream.length; ) {
        const end = Math.min(stream.length, start + Math.floor(random() * 40))
        decoder.push(stream.subarray(start, end))
        if (random() < 0.5) frames.push(...drain(decoder))
        start = end
      }
      frames.push(...drain(decoder))
      expect(texts(frames)).toEqual(expected)
    }
  })

  it('takes a frame of the largest size, and refuses a larger one', () => {
    const decoder = new FrameDecoder(1000)
    decoder.push(framed(Buffer.alloc(1000)))
    expect(decoder.next()).toHaveLength(1000)
    expect(refusal([0, 0, 3, 233])).toMatch(
      'a response of 1001 bytes, more than the 1000 of maxResponseBytes',
    )
  })

  it('refuses an invalid size before the body comes', () => {
    expect(refusal([0, 0, 0, 0])).toMatch('a response of 0 bytes')
    expect(refusal([255, 255, 255, 255])).toMatch('a response of -1 bytes')
  })

  it('recognizes HTTP, TLS and SSH', () => {
    expect(refusal(Buffer.from('HTTP/1.1 400 Bad Request\r\nServer: x'))).toMatch(
      'the port speaks HTTP, not Kafka: it answered "HTTP/1.1 400 Bad Request"',
    )
    expect(refusal([0x15, 0x03, 0x03, 0x00, 0x02, 0x02, 0x50])).toMatch(
      'the port speaks TLS: it answered with a TLS alert',
    )
    expect(refusal([0x16, 0x03, 0x01, 0x02])).toMatch('a TLS handshake')
    // Not even where a response may be as large as these bytes say.
    expect(refusal([0x15, 0x03, 0x03, 0x00, 0x02], 0x7fffffff)).toMatch('a TLS alert')
    expect(refusal(Buffer.from('SSH-2.0-OpenSSH_9.2\r\n'))).toMatch(
      'its answer starts with "SSH-2.0-OpenSSH_9.2"',
    )
  })

  it('holds nothing after clear', () => {
    const decoder = new FrameDecoder(1000)
    decoder.push(stream.subarray(0, 6))
    decoder.clear()
    decoder.push(framed(Buffer.from('new')))
    expect(drain(decoder)).toEqual([Buffer.from('new')])
  })
})
