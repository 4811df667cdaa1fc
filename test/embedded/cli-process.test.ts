import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'
import { EmbeddedCluster } from '../../src/testing/index.js'
import { runCommand } from '../support/kafka/run-command.js'
import { root } from '../unit/project/tree.js'

const program = join(root, 'dist', 'cli', 'main.js')
let cluster: EmbeddedCluster
let child: ChildProcess | null = null

beforeAll(async () => {
  await runCommand(process.execPath, [join(root, 'scripts', 'build.js'), '--if-changed'])
  cluster = await EmbeddedCluster.start()
}, 120_000)

afterEach(() => {
  child?.kill('SIGKILL')
})

afterAll(() => cluster.close())

function start(...args: string[]) {
  const started = spawn(process.execPath, [program, ...args], { stdio: 'pipe' })
  child = started
  return started
}

const produce = (topic: string, ...args: string[]) =>
  start('produce', '--bootstrap-server', cluster.bootstrapServers, '--topic', topic, ...args)

const valuesOf = (topic: string) => cluster.records(topic).map(({ value }) => value?.toString())

/** Resolves when a cluster has handled a request of this API. */
async function asked(api: string): Promise<void> {
  await new Promise<void>((resolve) => {
    const remove = cluster.intercept({
      beforeAnswer: (exchange) => {
        if (exchange.api !== api) return undefined
        remove()
        resolve()
        return undefined
      },
    })
  })
}

it.each([
  ['SIGINT', 130],
  ['SIGTERM', 143],
] as const)('%s flushes what was accepted, and then reports', async (signal, exitCode) => {
  const topic = `interrupted-${signal}`
  const producing = asked('Produce')
  const process = produce(topic)
  const stderr = text(process.stderr)
  process.stdin.write('one\ntwo\n')
  await producing
  process.stdin.write('three\n')
  // The first line's answer is on its way, and the third may be read or not: whatever was accepted must arrive.
  process.kill(signal)
  const [code] = await once(process, 'exit')
  expect(code).toBe(exitCode)
  const sent = /(\d) records? sent to/.exec(await stderr)?.[1]
  expect(valuesOf(topic)).toEqual(['one', 'two', 'three'].slice(0, Number(sent)))
  expect(Number(sent)).toBeGreaterThan(1)
})

it('ends by itself at the end of standard input', async () => {
  const process = produce('piped')
  const stderr = text(process.stderr)
  process.stdin.end('one\ntwo')
  const [code] = await once(process, 'exit')
  expect([code, await stderr]).toEqual([0, expect.stringContaining('2 records sent to piped')])
  expect(valuesOf('piped')).toEqual(['one', 'two'])
})

it('sends what was accepted when nobody reads its messages, and exits with 1', async () => {
  const process = produce('unheard')
  process.stderr.destroy()
  process.stdin.end('one\ntwo\n')
  const [code] = await once(process, 'exit')
  expect(code).toBe(1)
  expect(valuesOf('unheard')).toEqual(['one', 'two'])
})

it('says in one line that nobody reads its results, and exits with 1', async () => {
  const process = start('topics', '--list', '--bootstrap-server', cluster.bootstrapServers)
  const stderr = text(process.stderr)
  process.stdout.destroy()
  const [code] = await once(process, 'exit')
  expect(await stderr).toBe('odradek: cannot write to stdout: broken pipe (EPIPE)\n')
  expect(code).toBe(1)
})

it('runs brokers until it is told to end', async () => {
  const process = start('broker', '--port', '0', '--brokers', '2')
  const stderr = text(process.stderr)
  const [printed] = await once(process.stdout, 'data')
  const servers = String(printed).trim()
  expect(servers).toMatch(/^127\.0\.0\.1:\d+,127\.0\.0\.1:\d+$/)
  const { stdout } = await runCommand(globalThis.process.execPath, [
    program,
    'topics',
    '--bootstrap-server',
    servers,
    '--create',
    '--topic',
    'orders',
  ])
  expect(stdout.toString()).toBe('Created topic orders.\n')

  const port = servers.slice(servers.lastIndexOf(':') + 1)
  const second = spawn(globalThis.process.execPath, [program, 'broker', '--port', port])
  const [[secondCode], complaint] = await Promise.all([once(second, 'exit'), text(second.stderr)])
  expect(complaint).toBe(
    `odradek: cannot listen on port ${port}: address already in use (EADDRINUSE); --port chooses another\n`,
  )
  expect(secondCode).toBe(1)

  process.kill('SIGINT')
  const [code] = await once(process, 'exit')
  expect([code, await stderr]).toEqual([0, 'odradek: 2 brokers are up; Ctrl-C ends them\n'])
})
