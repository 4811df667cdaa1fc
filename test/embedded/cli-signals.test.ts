import { execFileSync, spawn } from 'node:child_process'
import {
  closeSync,
  constants,
  existsSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { EmbeddedCluster } from '../../src/testing/index.js'
import { buildProgram, type CommandProcess, program, startProcess } from '../support/command-process.js'

/** Milliseconds: more than any of these tests needs, and little enough to notice one that never ends. */
const BOUND = 20_000

let cluster: EmbeddedCluster
let folder: string
let fifo: string
const running: CommandProcess[] = []
const writers: number[] = []

beforeAll(buildProgram, 120_000)

beforeEach(async () => {
  cluster = await EmbeddedCluster.start()
  folder = mkdtempSync(join(tmpdir(), 'odradek-signals-'))
  fifo = join(folder, 'fifo')
  execFileSync('mkfifo', [fifo])
})

afterEach(async () => {
  for (const { process } of running.splice(0)) process.kill('SIGKILL')
  for (const writer of writers.splice(0)) closeSync(writer)
  rmSync(folder, { recursive: true })
  await cluster.close()
})

function start(...args: string[]): CommandProcess {
  const started = startProcess(args)
  running.push(started)
  return started
}

const where = () => ['--bootstrap-server', cluster.bootstrapServers]
const produce = (...args: string[]) => start('produce', ...where(), '--topic', 'lines', ...args)
const values = () => cluster.records('lines').map(({ value }) => value?.toString())

/** Resolves when the cluster has handled `times` requests of this API. */
async function asked(api: string, times = 1): Promise<void> {
  await expect
    .poll(() => cluster.requests().filter((request) => request.api === api).length, { timeout: BOUND })
    .toBeGreaterThanOrEqual(times)
}

/** Opens the FIFO for writing when a reader has opened it, and writes nothing. */
async function openedByReader(): Promise<number> {
  const open = (): number => openSync(fifo, constants.O_WRONLY | constants.O_NONBLOCK)
  let writer = -1
  await expect
    .poll(
      () => {
        writer = open()
        return writer
      },
      { timeout: BOUND },
    )
    .toBeGreaterThan(0)
  writers.push(writer)
  return writer
}

describe('the first signal', { timeout: BOUND }, () => {
  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
    ['SIGHUP', 129],
  ] as const)('%s ends produce at a FIFO that nobody writes to', async (signal, exitCode) => {
    const { process, ended } = produce(fifo)
    await asked('InitProducerId')
    process.kill(signal)
    expect(await ended).toMatchObject({
      exitCode,
      stderr: expect.stringContaining('odradek: 0 records sent to lines'),
    })
  })

  it('ends produce at a FIFO whose writer is silent', async () => {
    const { process, ended } = produce(fifo)
    const writer = await openedByReader()
    writeSync(writer, 'one\ntwo\n')
    await asked('Produce')
    process.kill('SIGINT')
    expect(await ended).toMatchObject({
      exitCode: 130,
      stderr: expect.stringContaining('odradek: 2 records sent to lines'),
    })
    expect(values()).toEqual(['one', 'two'])
  })

  it('ends produce at /dev/stdin on a silent pipe', async () => {
    const silent = openSync(fifo, constants.O_RDWR)
    writers.push(silent)
    const args = ['produce', ...where(), '--topic', 'lines', '/dev/stdin']
    const started = startProcess(args, { stdio: [silent, 'pipe', 'pipe'] })
    running.push(started)
    writeSync(silent, 'one\n')
    await asked('Produce')
    started.process.kill('SIGINT')
    expect(await started.ended).toMatchObject({ exitCode: 130 })
    expect(values()).toEqual(['one'])
  })

  it.each([
    ['produce', ['--topic', 'lines']],
    ['topics', ['--list']],
    ['demo', []],
  ])('ends %s while its settings come from a silent FIFO', async (command, args) => {
    const { process, ended } = start(command, ...args, '--command-config', fifo)
    await openedByReader()
    process.kill('SIGTERM')
    expect(await ended).toMatchObject({
      exitCode: 143,
      stdout: '',
      stderr: `odradek: interrupted while reading ${fifo}; nothing was sent\n`,
    })
    expect(cluster.requests()).toEqual([])
  })

  it('ends demo at a FIFO that nobody writes to', async () => {
    const { process, ended, said } = start('demo', fifo)
    await said(`the lines of ${fifo} to odradek-demo`)
    process.kill('SIGINT')
    expect(await ended).toMatchObject({ exitCode: 130, stdout: expect.stringMatching(/^sent +0$/m) })
  })

  it('ends the process although one of its threads waits in a system call for ever', async () => {
    const blocker = join(folder, 'blocker.mjs')
    writeFileSync(blocker, `import { open } from 'node:fs'\nopen(${JSON.stringify(fifo)}, 'r', () => {})\n`)
    const started = startProcess(['produce', ...where(), '--topic', 'lines'], {
      env: { ...process.env, NODE_OPTIONS: `--import=${blocker}` },
    })
    running.push(started)
    await asked('InitProducerId')
    started.process.kill('SIGTERM')
    const { signal, stderr } = await started.ended
    expect(signal).toBe('SIGTERM')
    expect(stderr).toContain('odradek: 0 records sent to lines')
  })

  it('SIGHUP sends the accepted lines, however often it comes', async () => {
    cluster.intercept({
      beforeAnswer: ({ api }) => (api === 'Produce' ? { kind: 'delay', delayMs: 300 } : undefined),
    })
    const { process, ended, said } = produce()
    process.stdin.write('one\ntwo\n')
    await asked('Produce')
    process.kill('SIGHUP')
    await said('interrupted')
    process.kill('SIGHUP')
    const { exitCode, stderr } = await ended
    expect(values()).toEqual(['one', 'two'])
    expect(stderr).toContain('odradek: 2 records sent to lines')
    expect(exitCode).toBe(129)
  })
})

/** `script` of util-linux gives a command its own terminal, which closes when `script` ends. */
const closingTerminal = 'a terminal that closes (needs script of util-linux)'
if (process.platform !== 'linux') console.warn(`NOT RUN: ${closingTerminal}`)

describe.runIf(process.platform === 'linux')(closingTerminal, { timeout: BOUND }, () => {
  it('makes the command send the accepted lines, and does not crash it', async () => {
    cluster.intercept({
      beforeAnswer: ({ api }) => (api === 'Produce' ? { kind: 'delay', delayMs: 300 } : undefined),
    })
    const status = join(folder, 'status')
    const command = [process.execPath, program, 'produce', ...where(), '--topic', 'lines'].join(' ')
    const window = spawn('script', ['-qec', `trap '' HUP; ${command}; echo $? > ${status}`, '/dev/null'], {
      env: { ...process.env, SHELL: '/bin/sh' },
    })
    window.stdin.write('one\n')
    await asked('Produce')
    window.kill('SIGKILL')
    await expect
      .poll(() => existsSync(status) && readFileSync(status, 'utf8'), { timeout: BOUND })
      .toBe('129\n')
    expect(values()).toEqual(['one'])
  })
})

describe('the second signal', { timeout: BOUND }, () => {
  it('ends produce at once if the brokers do not answer', async () => {
    cluster.ignoreRequests({ api: 'Produce', times: 1000 })
    const { process, ended, said } = produce()
    process.stdin.write('one\n')
    await asked('Produce')
    process.kill('SIGTERM')
    await said('interrupted')
    process.kill('SIGTERM')
    expect(await ended).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('may be in the log') })
  })
})

describe('a FIFO', { timeout: BOUND }, () => {
  it('is read until its writer closes it', async () => {
    const { ended } = produce(fifo)
    const writer = await openedByReader()
    writers.pop()
    writeSync(writer, 'one\ntwo\nthree')
    closeSync(writer)
    expect(await ended).toMatchObject({ exitCode: 0 })
    expect(values()).toEqual(['one', 'two', 'three'])
  })

  it('may contain settings', async () => {
    const { ended } = start('topics', '--list', '--command-config', fifo)
    const writer = await openedByReader()
    writers.pop()
    writeSync(writer, `bootstrap.servers=${cluster.bootstrapServers}\n`)
    closeSync(writer)
    expect(await ended).toMatchObject({ exitCode: 0, stderr: '' })
  })
})
