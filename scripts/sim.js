// npm run sim -- --seeds A..B [--records N] [--workers N]: simulates a range of seeds, and prints a line for each that fails.
// npm run sim -- --seed N [--records N] [--trace]: one seed, with the story of what happened.

import { join } from 'node:path'
import { become, install, main, programOf, root, step } from './setup.js'

await main(async () => {
  await install()
  await step('compile (tsc)', process.execPath, [
    programOf('typescript', 'tsc'),
    '-p',
    'tsconfig.simulation.json',
  ])
  await become(join(root, 'build', 'simulation', 'test', 'simulation', 'main.js'), process.argv.slice(2))
})
