// npm start: sets up a fresh clone and runs the demo with the given arguments: npm start --
// --bootstrap-server localhost:9092 file.txt

import { join } from 'node:path'
import { become, build, install, main, root } from './setup.js'

await main(async () => {
  await install()
  await build()
  await become(join(root, 'dist', 'cli', 'main.js'), ['demo', ...process.argv.slice(2)])
})
