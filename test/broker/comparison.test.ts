import { describe, expect, test } from 'vitest'
import { EmbeddedCluster } from '../../src/testing/index.js'
import { comparedEmbedded, comparedKafka } from '../comparison/compared-clusters.js'
import { compare } from '../comparison/comparison.js'
import { lanesFor } from '../comparison/lane.js'
import { report } from '../comparison/report.js'
import { describeWithOwnKafka } from '../support/kafka/describe-kafka.js'
import { isAtLeast } from '../support/kafka/tools.js'
import { brokerCountUnderTest, kafkaVersionUnderTest } from '../support/kafka/version-under-test.js'

/** A slice; `npm run compare` takes any number. */
const SCRIPTS = 1_000
const LIMIT_MS = 900_000

const version = kafkaVersionUnderTest()
/**
 * One node in any case, because it is restarted; the rows of the test matrix with three have other scripts
 * instead.
 */
const seed = brokerCountUnderTest()

// What differs in older versions is in test/comparison/known-differences.ts.
describe.skipIf(!isAtLeast(version, '3.9'))('generated scripts (Kafka 3.9 and later)', async () => {
  await describeWithOwnKafka('for the embedded cluster and Kafka', { version, brokers: 1 }, (kafka) => {
    test(
      'are answered alike, and leave the same logs',
      async () => {
        await using embedded = await EmbeddedCluster.start()
        const judgement = await compare({
          seed,
          lanes: lanesFor(SCRIPTS),
          kafka: comparedKafka(kafka()),
          embedded: comparedEmbedded(embedded),
        })
        const told = report(judgement, { seed, scripts: SCRIPTS, version }, 5)
        expect(judgement.findings, told).toEqual([])
        console.log(told)
      },
      LIMIT_MS,
    )
  })
})
