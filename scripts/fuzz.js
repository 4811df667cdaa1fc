// npm run fuzz -- [--count N] [--seed S] [--only TEXT]: seeded mutations of valid frames against every
// decoder, or against those with TEXT in their names, such as Response. A failure names the seed that
// reproduces it alone.

import { parseArgs } from 'node:util'
import { install, main, programOf, run, StepFailed } from './setup.js'

const { values } = parseArgs({
  options: {
    count: { type: 'string', default: '1000000' },
    seed: { type: 'string', default: '1' },
    only: { type: 'string', default: '' },
  },
})

await main(async () => {
  await install()
  const args = [programOf('vitest'), 'run', '--project', 'conformance', 'test/conformance/fuzz.test.ts']
  const environment = {
    ODRADEK_FUZZ_COUNT: values.count,
    ODRADEK_FUZZ_SEED: values.seed,
    ODRADEK_FUZZ_ONLY: values.only,
  }
  const { exitCode } = await run(process.execPath, args, 'inherited', environment)
  if (exitCode !== 0) throw new StepFailed('fuzz', exitCode)
})
