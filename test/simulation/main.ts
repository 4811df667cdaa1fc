import { parseArgs } from 'node:util'
import { runRange } from './range.js'
import { simulate } from './simulation.js'

/** `--seeds A..B [--records N] [--workers N] [--until-violation]` or `--seed N [--trace]`. */
const { values } = parseArgs({
  options: {
    seeds: { type: 'string' },
    seed: { type: 'string' },
    records: { type: 'string', default: '300' },
    workers: { type: 'string', default: '2' },
    trace: { type: 'boolean', default: false },
    'until-violation': { type: 'boolean', default: false },
  },
})

const records = Number(values.records)
if (values.seed !== undefined) {
  const result = await simulate(Number(values.seed), { records, trace: values.trace })
  for (const line of result.trace) console.log(line)
  for (const violation of result.violations) console.log(`VIOLATION: ${violation}`)
  console.log(
    `seed ${result.seed}: ${result.records} records, ${result.acknowledged} acknowledged, ${result.failed} failed, ${result.virtualMs.toFixed(0)} virtual ms, ${result.events} events: ${[...result.strikes].map(([name, n]) => `${name} ${n}`).join(', ')}`,
  )
  process.exitCode = result.violations.length > 0 ? 1 : 0
} else {
  const [first = 1, last = 100] = (values.seeds ?? '1..100').split('..').map(Number)
  const violated = await runRange({
    first,
    last,
    records,
    workers: Number(values.workers),
    untilViolation: values['until-violation'],
  })
  process.exitCode = violated ? 1 : 0
}
