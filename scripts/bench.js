// npm run bench -- record-batch [arguments]: compiles the benchmarks and runs one. Without a name: says which there are.

import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { become, install, main, programOf, root, step } from './setup.js'

const [name, ...args] = process.argv.slice(2)
const names = readdirSync(join(root, 'bench'))
  .filter((file) => file.endsWith('.ts'))
  .map((file) => file.slice(0, -'.ts'.length))

if (name === undefined || !names.includes(name)) {
  if (name !== undefined) console.error(`odradek: there is no benchmark named ${name}`)
  console.log(['npm run bench -- <name> [arguments], where <name> is one of', ...names].join('\n  '))
  process.exitCode = name === undefined ? 0 : 2
} else {
  await main(async () => {
    await install()
    await step('compile (tsc)', process.execPath, [
      programOf('typescript', 'tsc'),
      '-p',
      'tsconfig.bench.json',
    ])
    const script = join(root, 'build', 'bench', `${name}.js`)
    if (!existsSync(script)) throw new Error(`the compiler made no ${script}`)
    await become(script, args)
  })
}
