import { expect, it } from 'vitest'
import { fuzz } from '../support/fuzz/fuzz.js'
import { fuzzTargets } from '../support/fuzz/targets.js'
import { describeWithKafkaJars } from '../support/kafka/describe-with-jars.js'
import { kafkaSchemas } from '../support/schema/kafka-schemas.js'

const {
  ODRADEK_FUZZ_COUNT: count = '50000',
  ODRADEK_FUZZ_SEED: seed = '1',
  ODRADEK_FUZZ_ONLY: only = '',
} = process.env

await describeWithKafkaJars('mutated frames', async () => {
  const all = await fuzzTargets(await kafkaSchemas())
  const targets = all.filter(({ name }) => name.includes(only))

  it(`are refused with a ProtocolError or decoded: ${count} inputs from seed ${seed}`, { timeout: 0 }, () => {
    expect(all.length).toBeGreaterThan(100)
    expect(targets.length, `decoders with ${only} in their name`).toBeGreaterThan(0)
    const start = process.hrtime.bigint()
    const { stackTraceLimit } = Error
    // Most inputs are refused, and their stack traces would cost twice as much as all the rest.
    Error.stackTraceLimit = 0
    const outcome = fuzz(targets, Number(seed), Number(count))
    Error.stackTraceLimit = stackTraceLimit
    const seconds = Number((process.hrtime.bigint() - start) / 1_000_000n) / 1_000
    console.log(
      `fuzz: ${count} inputs to ${targets.length} decoders in ${seconds} s: ${outcome.mutated} of them mutated; ` +
        `${outcome.refused} refused, ${outcome.read} read, ` +
        `at most ${outcome.mostItemsPerByte.toFixed(2)} items a byte`,
    )
    expect(outcome.read + outcome.refused).toBe(Number(count))
    if (Number(count) > 1_000) {
      expect(outcome.refused).toBeGreaterThan(Number(count) / 4)
      expect(outcome.read).toBeGreaterThan(Number(count) / 100)
    }
  })
})
