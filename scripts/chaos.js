// npm run chaos [-- --records N --kills K --stops S --cuts C] [--seed N] [--minutes M] [--client NAME]: real brokers, real faults, and
// every record compared with what the client was told. See test/chaos/README.md.

import { join } from 'node:path'
import { become, install, main, programOf, root, step } from './setup.js'

await main(async () => {
  await install()
  await step('compile (tsc)', process.execPath, [programOf('typescript', 'tsc'), '-p', 'tsconfig.chaos.json'])
  await become(join(root, 'build', 'chaos', 'test', 'chaos', 'main.js'), process.argv.slice(2))
})
