import { expect, it } from 'vitest'
import { KNOWN_DIFFERENCES } from '../../comparison/known-differences.js'
import {
  knownDifferencesMarkdown,
  withKnownDifferences,
} from '../../comparison/known-differences-markdown.js'
import { read } from './tree.js'

// `--update` makes the part of the file again.
it('DESIGN.md has the known differences between the embedded cluster and Kafka', async () => {
  await expect(withKnownDifferences(read('DESIGN.md'))).toMatchFileSnapshot('../../../DESIGN.md')
})

it('each is told with its reason, in a row of its own', () => {
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
