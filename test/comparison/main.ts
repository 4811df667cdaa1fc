import { parseArgs } from 'node:util'
import { EmbeddedCluster } from '../../src/testing/index.js'
import { startKafka } from '../support/kafka/cluster.js'
import { isAtLeast } from '../support/kafka/tools.js'
import { comparedEmbedded, comparedKafka } from './compared-clusters.js'
import { compare } from './comparison.js'
import { laneOf, lanesFor, SCRIPTS_PER_LANE } from './lane.js'
import { report } from './report.js'

/**
 * `--scripts N [--kafka VERSION] [--seed S]`, or `--script NUMBER` for one with those that share its
 * partition.
 */
const FINDINGS_SHOWN = 20

const { values } = parseArgs({
  options: {
    scripts: { type: 'string', default: '10000' },
    script: { type: 'string' },
    seed: { type: 'string', default: '1' },
    kafka: { type: 'string', default: '4.4.0' },
  },
})

if (!isAtLeast(values.kafka, '3.9')) throw new RangeError('Kafka before 3.9 is not compared')
const seed = Number(values.seed)
const lanes = values.script === undefined ? lanesFor(Number(values.scripts)) : [laneOf(Number(values.script))]
const startMs = performance.now()
const progress = (text: string): void => {
  console.log(`${((performance.now() - startMs) / 1_000).toFixed(1).padStart(6)} s  ${text}`)
}

await using kafka = await startKafka({ version: values.kafka, brokers: 1 })
await using embedded = await EmbeddedCluster.start()
progress(`Kafka ${kafka.version} runs`)
const judgement = await compare({
  seed,
  lanes,
  kafka: comparedKafka(kafka),
  embedded: comparedEmbedded(embedded),
  progress,
})
progress('compared')
console.log(
  report(
    judgement,
    { seed, scripts: lanes.length * SCRIPTS_PER_LANE, version: kafka.version },
    FINDINGS_SHOWN,
  ),
)
process.exitCode = judgement.findings.length > 0 ? 1 : 0
