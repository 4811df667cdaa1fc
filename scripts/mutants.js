// npm run mutants [-- --only text] [--records N] [--workers N]: plants bugs that real producers have had into copies of the sources, and
// fails unless the simulation sees each of them, and nothing in the sources as they are.

import { join } from 'node:path'
import { become, install, main, programOf, root, step } from './setup.js'

await main(async () => {
  await install()
  await step('compile (tsc)', process.execPath, [
    programOf('typescript', 'tsc'),
    '-p',
    'tsconfig.simulation.json',
  ])
  const program = join(root, 'build', 'simulation', 'test', 'mutants', 'main.js')
  await become(program, [root, ...process.argv.slice(2)])
})
