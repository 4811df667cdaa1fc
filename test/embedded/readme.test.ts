import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { EmbeddedCluster } from '../../src/testing/index.js'
import { buildProgram } from '../support/command-process.js'
import { type DocumentedProgram, filesOf, programsOf } from '../support/documented-programs.js'
import { runCommand } from '../support/kafka/run-command.js'
import { read, root } from '../unit/project/tree.js'

const readme = read('README.md')
const programs = programsOf(readme)

/** The address that every program of the README connects to. */
const documentedServer = 'localhost:9092'

let folder: string

/** A project that has installed the package, with the programs in TypeScript compiled. */
beforeAll(async () => {
  await buildProgram()
  folder = await mkdtemp(join(tmpdir(), 'odradek-readme-'))
  await mkdir(join(folder, 'node_modules'))
  await symlink(root, join(folder, 'node_modules', 'odradek'))
  await symlink(join(root, 'node_modules', '@types'), join(folder, 'node_modules', '@types'))
}, 120_000)

afterAll(() => rm(folder, { recursive: true, force: true }))

describe.concurrent('a program of the README', () => {
  it.for(programs)('runs, and prints what the README says: $file', async (program, { expect }) => {
    const cluster = await EmbeddedCluster.start()
    try {
      const { exitCode, stdout, stderr } = await runOf(program, cluster.bootstrapServers)
      expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' })
      // A test runner prints a report of its own.
      if (!program.code.includes("from 'node:test'")) expect(stdout).toBe(program.output ?? '')
    } finally {
      await cluster.close()
    }
  })
})

describe('the README', () => {
  it('shows programs of every kind', () => {
    const kinds = new Set(programs.map(({ file }) => file.slice(file.lastIndexOf('.'))))
    expect([...kinds].sort()).toEqual(['.cjs', '.mjs', '.mts'])
    expect(programs.length).toBeGreaterThan(10)
    expect(programs.filter(({ output }) => output !== null).length).toBeGreaterThan(8)
  })

  it('has no syntax in its JavaScript that Node.js 20 and 22 refuse', () => {
    const newSyntax = /\b(?:await )?using \w+ =/
    expect(programs.filter(({ language, code }) => language === 'js' && newSyntax.test(code))).toEqual([])
    expect('await using producer = new Producer(config)').toMatch(newSyntax)
  })
})

interface Ending {
  readonly exitCode: number | null
  readonly stdout: string
  readonly stderr: string
}

/** Runs a program against the cluster, in a folder of its own. A program that waits for SIGTERM gets it. */
async function runOf({ file, language, code }: DocumentedProgram, server: string): Promise<Ending> {
  const own = await mkdtemp(join(folder, 'program-'))
  const connected = (text: string): string => text.replaceAll(documentedServer, server)
  for (const { file: name, content } of filesOf(readme)) await writeFile(join(own, name), connected(content))
  await writeFile(join(own, file), connected(code))
  const program = language === 'ts' ? await compiled(join(own, file)) : join(own, file)

  const child = spawn(process.execPath, [program], {
    cwd: own,
    env: { ...process.env, NODE_OPTIONS: '' },
    // A program that does not end fails its test, and outlives it by nothing.
    timeout: 40_000,
    killSignal: 'SIGKILL',
  })
  const closed = once(child, 'close')
  const ending = { stdout: '', stderr: '' }
  child.stdout.on('data', (chunk: Buffer) => {
    if (ending.stdout === '' && code.includes("'SIGTERM'")) child.kill('SIGTERM')
    ending.stdout += chunk.toString()
  })
  child.stderr.on('data', (chunk: Buffer) => {
    ending.stderr += chunk.toString()
  })
  const [exitCode] = await closed
  return { exitCode, ...ending }
}

/** Checks the types as strictly as a user can, and gives the path of the module in JavaScript. */
async function compiled(path: string): Promise<string> {
  const options = ['--strict', '--exactOptionalPropertyTypes', '--noUncheckedIndexedAccess', '--ignoreConfig']
  const output = ['--module', 'nodenext', '--target', 'es2022', '--lib', 'es2022,esnext.disposable']
  const tsc = join(root, 'node_modules', 'typescript', 'bin', 'tsc')
  await runCommand(process.execPath, [tsc, ...options, ...output, '--types', 'node', path])
  return path.replace(/\.mts$/, '.mjs')
}
