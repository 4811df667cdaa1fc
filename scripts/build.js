// Compiles src into an empty dist. With --if-changed, only if dist was not built from the current sources.

import { chmodSync, existsSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { buildInputs, install, isBuilt, main, programOf, root, run, StepFailed, stampBuild } from './setup.js'

await main(async () => {
  await install()
  if (process.argv[2] === '--if-changed' && isBuilt()) return
  const inputs = buildInputs()
  // The compiler writes beside dist, and the result then replaces dist. So nobody imports half of it
  // meanwhile.
  const fresh = join(root, '.cache', `dist-${process.pid}`)
  try {
    const tsc = [programOf('typescript', 'tsc'), '-p', 'tsconfig.build.json', '--outDir', fresh]
    const { exitCode } = await run(process.execPath, tsc, 'inherited')
    if (exitCode !== 0) throw new StepFailed('tsc -p tsconfig.build.json', exitCode)
    const commandLine = join(fresh, 'cli', 'main.js')
    if (existsSync(commandLine)) chmodSync(commandLine, 0o755)
    rmSync(join(root, 'dist'), { recursive: true, force: true })
    renameSync(fresh, join(root, 'dist'))
    stampBuild(inputs)
  } finally {
    rmSync(fresh, { recursive: true, force: true })
  }
})
