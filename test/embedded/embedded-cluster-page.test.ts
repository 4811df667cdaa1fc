import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { certificateText } from '../support/certificates/certificates.js'
import { buildProgram } from '../support/command-process.js'
import { programsOf } from '../support/documented-programs.js'
import { runCommand } from '../support/kafka/run-command.js'
import { read, root } from '../unit/project/tree.js'

const page = read('docs/embedded-cluster.md')
const programs = programsOf(page)

/** The calls in the table of faults, and in the sentences behind it. */
const [, faults = ''] = page.split('| to see | call |')
const calls = [...faults.matchAll(/`([^`]*cluster\.[^`]*)`/g)].map(([, call = '']) => call)

const before = process.cwd()
let folder: string

beforeAll(async () => {
  await buildProgram()
  folder = await mkdtemp(join(tmpdir(), 'odradek-embedded-cluster-'))
  await mkdir(join(folder, 'node_modules'))
  await symlink(root, join(folder, 'node_modules', 'odradek'))
  await symlink(join(root, 'node_modules', '@types'), join(folder, 'node_modules', '@types'))
  await writeFile(join(folder, 'broker.key'), certificateText('broker.key'))
  await writeFile(join(folder, 'broker.pem'), certificateText('broker.pem'))
  await writeFile(join(folder, 'ca.pem'), certificateText('root.pem'))
  // The programs read files of the current folder.
  process.chdir(folder)
}, 120_000)

afterAll(async () => {
  process.chdir(before)
  await rm(folder, { recursive: true, force: true })
})

it('the page of the embedded cluster has programs and calls', () => {
  expect(programs).toHaveLength(2)
  expect(calls.length).toBeGreaterThan(10)
})

it.each(programs)(
  'a program of the page of the embedded cluster runs, and prints what the page says: $file',
  async ({ file, code, output }) => {
    expect(await run(file, code)).toBe(output ?? '')
  },
)

it('the calls of the page of the embedded cluster may follow its program with TLS', async () => {
  const { code = '', output } = programs.find(({ file }) => file === 'secured.mts') ?? {}
  expect(await run('calls.mts', `${code}\n${calls.join('\n')}\n`)).toBe(output)
})

/** Checks the types as strictly as a user can, and runs the program. */
async function run(file: string, code: string): Promise<string> {
  await writeFile(join(folder, file), code)
  const options = ['--strict', '--exactOptionalPropertyTypes', '--noUncheckedIndexedAccess', '--ignoreConfig']
  const output = ['--module', 'nodenext', '--target', 'es2022', '--lib', 'es2022,esnext.disposable']
  const tsc = join(root, 'node_modules', 'typescript', 'bin', 'tsc')
  await runCommand(process.execPath, [tsc, ...options, ...output, '--types', 'node', file])
  const ran = await runCommand(process.execPath, [file.replace('.mts', '.mjs')])
  expect(ran.stderr.toString()).toBe('')
  return ran.stdout.toString()
}
