import { Buffer } from 'node:buffer'
import type { Api } from '../../src/protocol/api.js'
import { ApiVersions } from '../../src/protocol/api-versions.js'
import { Reader } from '../../src/protocol/reader.js'
import { readIfPossible } from './answer-rewrites.js'
import type { Chance } from './chance.js'

/** A range of a frame and the bytes that may replace it. */
interface Place {
  readonly what: 'array' | 'string' | 'varint'
  readonly start: number
  readonly end: number
}

/** A reader that records the positions of lengths, counts and varints. */
class ChartingReader extends Reader {
  readonly places: Place[] = []

  override unsignedVarint(): number {
    const start = this.offset
    const value = super.unsignedVarint()
    this.places.push({ what: 'varint', start, end: this.offset })
    return value
  }

  override nullableString(): string | null {
    const start = this.offset
    const value = super.nullableString()
    const end = this.flexible ? this.#endOfVarintAt(start) : start + 2
    this.places.push({ what: 'string', start, end })
    return value
  }

  override nullableArray<T>(readItem: (r: Reader) => T, minimumItemBytes?: number): T[] | null {
    const start = this.offset
    const items = super.nullableArray(readItem, minimumItemBytes)
    const end = this.flexible ? this.#endOfVarintAt(start) : start + 4
    this.places.push({ what: 'array', start, end })
    return items
  }

  #endOfVarintAt(start: number): number {
    return this.places.find((place) => place.what === 'varint' && place.start === start)?.end ?? start
  }
}

/** 2^31 as a varint, which means 2^31-1 as a compact length or count. */
const HUGE_COMPACT = Buffer.from([0x80, 0x80, 0x80, 0x80, 0x08])
const TEN_BYTES = Buffer.from([0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01])

/**
 * The response with one impossible number: an array of 2^31-1 items, a string longer than the frame, or a
 * varint of ten bytes. Null if it has no place for one.
 */
export function malformed<Response>(
  api: Api<unknown, Response>,
  version: number,
  frame: Buffer,
  chance: Chance,
): Buffer | null {
  const r = new ChartingReader(frame, version, version >= api.flexibleFrom)
  const read = readIfPossible(() => {
    r.int32()
    if (api.key !== ApiVersions.key) r.tags()
    return api.readResponse(r)
  })
  if (read === null || r.places.length === 0) return null
  const what = chance.pick([...new Set(r.places.map((place) => place.what))])
  const { start, end } = chance.pick(r.places.filter((place) => place.what === what))
  return Buffer.concat([frame.subarray(0, start), hugeNumber(what, r.flexible), frame.subarray(end)])
}

function hugeNumber(what: Place['what'], flexible: boolean): Buffer {
  if (what === 'varint') return TEN_BYTES
  if (flexible) return HUGE_COMPACT
  return what === 'array' ? Buffer.from([0x7f, 0xff, 0xff, 0xff]) : Buffer.from([0x7f, 0xff])
}
