import { appendFileSync, mkdtempSync, readFileSync, rmSync, truncateSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { entrySize } from '../../chaos/driver/journal-format.js'
import { JournalWriter } from '../../chaos/driver/journal-writer.js'
import { Incarnation, outcomes } from '../../chaos/judge/incarnation.js'
import { JournalReader } from '../../chaos/judge/journal-reader.js'

let folder: string
let path: string
let heard: string[]

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'odradek-journal-'))
  path = join(folder, 'journal')
  heard = []
})
afterEach(() => rmSync(folder, { recursive: true }))

function read(): Incarnation {
  const incarnation = new Incarnation(1, [])
  const reader = new JournalReader(path, incarnation, {
    acknowledged: (number, partition) => heard.push(`acknowledged ${number} in ${partition}`),
    failed: (number, possiblyPersisted) => heard.push(`failed ${number} ${possiblyPersisted}`),
    throttled: (milliseconds) => heard.push(`throttled ${milliseconds}`),
  })
  reader.read()
  reader.close()
  return incarnation
}

function write(): void {
  const writer = new JournalWriter(path)
  writer.sending(0)
  const offset = 5_000_000_000n
  writer.settled(0, { kind: 'acknowledged', partition: 7, offset: 41n })
  writer.settled(1, { kind: 'acknowledged', partition: 7, offset: -1n })
  writer.settled(2, { kind: 'failed', possiblyPersisted: false, code: 'X', message: '' })
  writer.settled(3, { kind: 'failed', possiblyPersisted: true, code: 'X', message: '' })
  writer.throttled(250)
  writer.settled(4, { kind: 'acknowledged', partition: 8, offset })
  writer.end(5)
}

describe('a journal', () => {
  it('is read as it was written', () => {
    write()
    const incarnation = read()
    expect(heard).toEqual([
      'acknowledged 0 in 7',
      'acknowledged 1 in 7',
      'failed 2 false',
      'failed 3 true',
      'throttled 250',
      'acknowledged 4 in 8',
    ])
    expect([0, 1, 2, 3, 4, 5].map((number) => incarnation.outcomeOf(number))).toEqual([
      outcomes.acknowledged,
      outcomes.acknowledged,
      outcomes.notPersisted,
      outcomes.possiblyPersisted,
      outcomes.acknowledged,
      outcomes.none,
    ])
    expect(incarnation.wasToldAt(0, 7, 41)).toBe(true)
    expect(incarnation.wasToldAt(0, 7, 42)).toBe(false)
    expect(incarnation.wasToldAt(0, 8, 41)).toBe(false)
    expect(incarnation.wasToldAt(1, 7, 42)).toBe(true)
    expect(incarnation.hasEnded).toBe(true)
    expect(incarnation.sent).toBe(5)
    expect(incarnation.settledTwice).toBe(0)
  })

  it('keeps an acknowledgement without partition and offset', () => {
    const writer = new JournalWriter(path)
    writer.settled(0, { kind: 'acknowledged', partition: -1, offset: -1n })
    writer.end(1)
    const incarnation = read()
    expect(incarnation.wasToldAt(0, 3, 41)).toBe(true)
    expect(incarnation.wasToldAt(0, 0, 0)).toBe(true)
    expect(incarnation.placeTold(0)).toBe('unknown/unknown')
  })

  it('of a driver that was killed while it wrote is read up to its last whole entry', () => {
    write()
    const { length } = readFileSync(path)
    expect(length % entrySize).toBe(0)
    truncateSync(path, length - 2 * entrySize + 5)
    const incarnation = read()
    expect(heard.at(-1)).toBe('throttled 250')
    expect(incarnation.hasEnded).toBe(false)
    expect(incarnation.outcomeOf(4)).toBe(outcomes.none)
  })

  it('is refused if it has other content', () => {
    appendFileSync(path, Buffer.alloc(entrySize, 0x7f))
    expect(() => read()).toThrow('has an entry of kind 127')
  })
})
