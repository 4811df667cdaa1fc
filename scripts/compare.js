// npm run compare [-- --scripts N] [--kafka VERSION] [--seed S]: generated scripts for the embedded cluster and for Apache Kafka, whose
// answers and logs must be equal. npm run compare -- --script NUMBER --seed S: one script, with those that share its partition.

import { join } from 'node:path'
import { become, install, main, programOf, root, step } from './setup.js'

await main(async () => {
  await install()
  await step('compile (tsc)', process.execPath, [
    programOf('typescript', 'tsc'),
    '-p',
    'tsconfig.comparison.json',
  ])
  await become(join(root, 'build', 'comparison', 'test', 'comparison', 'main.js'), process.argv.slice(2))
})
