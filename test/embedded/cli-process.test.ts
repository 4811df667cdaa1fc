import type { SpawnOptions } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, openSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'
import { EmbeddedCluster } from '../../src/testing/index.js'
import { buildProgram, type CommandProcess, startProcess } from '../support/command-process.js'

let cluster: EmbeddedCluster
const running: CommandProcess[] = []

beforeAll(async () => {
  await buildProgram()
  cluster = await EmbeddedCluster.start()
}, 120_000)

afterEach(() => {
  for (const { process } of running.splice(0)) process.kill('SIGKILL')
})

afterAll(() => cluster.close())

function start(args: readonly string[], options?: SpawnOptions): CommandProcess {
  const started = startProcess(args, options)
  running.push(started)
  return started
}

const produce = (topic: string, ...args: string[]) =>
  start(['produce', '--bootstrap-server', cluster.bootstrapServers, '--topic', topic, ...args])

const valuesOf = (topic: string) => cluster.records(topic).map(({ value }) => value?.toString())

/** Resolves when the cluster has handled a request of this API. */
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
] as const)('%s flushes the accepted lines, and then reports', async (signal, expected) => {
  const topic = `interrupted-${signal}`
  const producing = asked('Produce')
  const { process, ended } = produce(topic)
  process.stdin.write('one\ntwo\n')
  await producing
  process.stdin.write('three\n')
  // The first line is in flight, and the third may be read or not. Every accepted line must arrive.
  process.kill(signal)
  const { exitCode, stderr } = await ended
  expect(exitCode).toBe(expected)
  const sent = Number(/(\d) records? sent to/.exec(stderr)?.[1])
  expect(valuesOf(topic)).toEqual(['one', 'two', 'three'].slice(0, sent))
  expect(sent).toBeGreaterThan(1)
})

it('ends by itself at the end of standard input', async () => {
  const { process, ended } = produce('piped')
  process.stdin.end('one\ntwo')
  const { exitCode, stderr } = await ended
  expect([exitCode, stderr]).toEqual([0, expect.stringContaining('2 records sent to piped')])
  expect(valuesOf('piped')).toEqual(['one', 'two'])
})

it.each([
  ['produce', ['--topic', 'a-directory']],
  ['demo', ['-']],
])('%s says that standard input is a directory', async (command, args) => {
  const directory = openSync(tmpdir(), 'r')
  const { ended } = start([command, ...args, '--bootstrap-server', cluster.bootstrapServers], {
    stdio: [directory, 'pipe', 'pipe'],
  })
  closeSync(directory)
  expect(await ended).toMatchObject({
    exitCode: 1,
    stdout: '',
    stderr: 'odradek: cannot read standard input: it is a directory\n',
  })
})

it('sends the accepted lines when nobody reads its messages, and exits with 1', async () => {
  const { process, ended } = produce('unheard')
  process.stderr.destroy()
  process.stdin.end('one\ntwo\n')
  expect(await ended).toMatchObject({ exitCode: 1 })
  expect(valuesOf('unheard')).toEqual(['one', 'two'])
})

it('says in one line that nobody reads its results, and exits with 1', async () => {
  const { process, ended } = start(['topics', '--list', '--bootstrap-server', cluster.bootstrapServers])
  process.stdout.destroy()
  expect(await ended).toMatchObject({
    exitCode: 1,
    stderr: 'odradek: cannot write to stdout: broken pipe (EPIPE)\n',
  })
})

it('runs brokers until it is interrupted', async () => {
  const { process, ended } = start(['broker', '--port', '0', '--brokers', '2'])
  const [printed] = await once(process.stdout, 'data')
  const servers = String(printed).trim()
  expect(servers).toMatch(/^127\.0\.0\.1:\d+,127\.0\.0\.1:\d+$/)
  const created = await start(['topics', '--bootstrap-server', servers, '--create', '--topic', 'orders'])
    .ended
  expect(created.stdout).toBe('Created topic orders.\n')

  const port = servers.slice(servers.lastIndexOf(':') + 1)
  const second = await start(['broker', '--port', port]).ended
  expect(second).toMatchObject({
    exitCode: 1,
    stderr: `odradek: cannot listen on port ${port}: address already in use (EADDRINUSE); --port chooses another\n`,
  })

  process.kill('SIGINT')
  expect(await ended).toMatchObject({ exitCode: 0, stderr: 'odradek: 2 brokers are up; Ctrl-C ends them\n' })
})
