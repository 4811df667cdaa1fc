import { expect, it } from 'vitest'
import { ErrorCode } from '../../../src/protocol/error-codes.js'
import type { Codec } from '../../comparison/codecs.js'
import type { Damage } from '../../comparison/damage.js'
import { KNOWN_DIFFERENCES } from '../../comparison/known-differences.js'
import {
  knownDifferencesMarkdown,
  withKnownDifferences,
} from '../../comparison/known-differences-markdown.js'
import type { Step } from '../../comparison/script.js'
import { read } from './tree.js'

// `--update` writes this part of the file again.
it('DESIGN.md has the known differences between the embedded cluster and Kafka', async () => {
  await expect(withKnownDifferences(read('DESIGN.md'))).toMatchFileSnapshot('../../../DESIGN.md')
})

it('each has its reason, in a row of its own', () => {
  expect(knownDifferencesMarkdown().split('\n')).toHaveLength(KNOWN_DIFFERENCES.length + 2)
  for (const { what, why } of KNOWN_DIFFERENCES)
    expect(`${what}: ${why}`).toMatch(/^[a-zA-Z][^|\n]{30,}[^.|]$/)
})

it('a difference that only older brokers have does not excuse a newer one', () => {
  const log = (partitionLeaderEpoch: number) => ({ baseOffset: 1n, partitionLeaderEpoch })
  const accounted = KNOWN_DIFFERENCES.filter(({ covers }) =>
    covers?.({ step: null, kind: 'plain', kafka: log(2), embedded: log(4) }),
  )
  expect(accounted.map(({ before }) => before)).toEqual(['4.0'])
  const other = { step: null, kind: 'plain', kafka: log(2), embedded: log(3) } as const
  expect(KNOWN_DIFFERENCES.filter(({ covers }) => covers?.(other))).toEqual([])
})

it('a record length that only 4.4 looks at excuses the earlier refusal of a damaged gzip batch, and nothing else', () => {
  const produce = (codec: Codec, damage: readonly Damage[]): Step => ({
    kind: 'produce',
    version: 9,
    acks: 1,
    transactionalId: null,
    target: 'partition',
    batches: [{ records: [], stamp: null, transactional: false, codec, damage }],
  })
  const answer = (errorCode: number) => ({ results: [{ errorCode, baseOffset: -1n }] })
  const excusedBy = (step: Step, kafka: number, embedded: number) =>
    KNOWN_DIFFERENCES.filter(({ covers }) =>
      covers?.({ step, kind: 'plain', kafka: answer(kafka), embedded: answer(embedded) }),
    ).map(({ before }) => before)
  const aByte: readonly Damage[] = [{ kind: 'record byte', index: 80, to: 245 }, { kind: 'reseal' }]
  const damaged = produce('gzip', aByte)
  expect(excusedBy(damaged, ErrorCode.UNKNOWN_SERVER_ERROR, ErrorCode.INVALID_RECORD)).toEqual(['4.4'])
  expect(excusedBy(damaged, ErrorCode.INVALID_RECORD, ErrorCode.UNKNOWN_SERVER_ERROR)).toEqual([])
  expect(excusedBy(damaged, ErrorCode.NONE, ErrorCode.INVALID_RECORD)).toEqual([])
  const undamaged = produce('gzip', [])
  expect(excusedBy(undamaged, ErrorCode.UNKNOWN_SERVER_ERROR, ErrorCode.INVALID_RECORD)).toEqual([])
  const plain = produce('none', aByte)
  expect(excusedBy(plain, ErrorCode.UNKNOWN_SERVER_ERROR, ErrorCode.INVALID_RECORD)).toEqual([])
  // The other codecs have no checksum, so the earlier ones may store the record.
  const snappy = produce('snappy', aByte)
  expect(excusedBy(snappy, ErrorCode.NONE, ErrorCode.INVALID_RECORD)).toEqual(['4.4'])
  expect(excusedBy(snappy, ErrorCode.INVALID_RECORD, ErrorCode.UNKNOWN_SERVER_ERROR)).toEqual([])
  expect(excusedBy(produce('snappy', []), ErrorCode.NONE, ErrorCode.INVALID_RECORD)).toEqual([])
  const zstd = produce('zstd', aByte)
  expect(excusedBy(zstd, ErrorCode.INVALID_RECORD, ErrorCode.UNKNOWN_SERVER_ERROR)).toEqual([undefined])
  expect(excusedBy(produce('zstd', []), ErrorCode.NONE, ErrorCode.UNKNOWN_SERVER_ERROR)).toEqual([])
})
