import { describe, expect, test } from 'vitest'
import { EmbeddedCluster } from '../../src/testing/index.js'
import { comparedEmbedded } from '../comparison/compared-clusters.js'
import { compare } from '../comparison/comparison.js'
import type { Judgement } from '../comparison/judgement.js'
import { lanesFor, lanesOf } from '../comparison/lane.js'
import { report } from '../comparison/report.js'
import { RESTARTS } from '../comparison/script.js'

// How the embedded cluster and Kafka are compared, seen with an embedded cluster in Kafka's place.

const SEED = 1
const SCRIPTS = 60
/** Enough for every kind of partition. */
const SCRIPTS_OF_EVERY_KIND = 400
const LIMIT_MS = 180_000

type Meddle = (cluster: EmbeddedCluster) => void

/** With an embedded cluster for Kafka that something is done to at the start, or at the last restart. */
async function compared(
  scripts: number,
  { first, last }: { readonly first?: Meddle; readonly last?: Meddle } = {},
): Promise<Judgement> {
  await using one = await EmbeddedCluster.start()
  await using other = await EmbeddedCluster.start()
  first?.(one)
  const kafka = comparedEmbedded(one)
  let restarts = 0
  // Awaited here: the clusters end with this function.
  return await compare({
    seed: SEED,
    lanes: lanesFor(scripts),
    kafka: {
      ...kafka,
      version: '4.4.0',
      async restart(how) {
        await kafka.restart(how)
        if (++restarts === RESTARTS.length) last?.(one)
      },
    },
    embedded: comparedEmbedded(other),
  })
}

describe('generated scripts', () => {
  test('are the same ones for the same seed', () => {
    expect(lanesOf(SEED, [3])).toEqual(lanesOf(SEED, [3]))
    expect(lanesOf(SEED, [3])[0]?.scripts).toEqual(lanesOf(SEED, lanesFor(100))[3]?.scripts)
    expect(lanesOf(SEED + 1, [3])).not.toEqual(lanesOf(SEED, [3]))
  })

  test(
    'are answered alike by two clusters that are alike, with every error there is to see',
    async () => {
      const judgement = await compared(SCRIPTS_OF_EVERY_KIND)
      expect(judgement.findings).toEqual([])
      expect(judgement.answers).toBeGreaterThan(3_000)
      expect(judgement.batches).toBeGreaterThan(500)
      const seen = [...judgement.errorCodes.keys()]
      const expected = [-1, 0, 1, 2, 3, 10, 16, 19, 21, 32, 42, 44, 45, 47, 50, 53, 76, 87]
      expect(expected.filter((code) => !seen.includes(code))).toEqual([])
    },
    LIMIT_MS,
  )

  test('find an error that only one of them has', async () => {
    const judgement = await compared(SCRIPTS, {
      first: (cluster) => cluster.failRequests({ api: 'Produce', times: 1 }, 'REQUEST_TIMED_OUT'),
    })
    const [finding, ...others] = judgement.findings
    expect(others).toEqual([])
    expect(finding?.text).toMatch(/^script \d+, on a partition of the kind [\s\S]*Kafka: .*errorCode:7/)
    const command = `npm run compare -- --kafka 4.4.0 --seed 1 --script ${finding?.script}`
    expect(report(judgement, { seed: SEED, scripts: SCRIPTS, version: '4.4.0' }, 3)).toContain(command)
  })

  test('find a difference that is in the final logs alone', async () => {
    // Nothing but a leader epoch, which is written into every batch.
    const judgement = await compared(SCRIPTS, {
      last: (cluster) => cluster.moveLeader('compared-plain', 0, 1),
    })
    expect(judgement.findings).toHaveLength(1)
    expect(judgement.findings[0]?.text).toContain('the final logs')
  })
})
