import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { EmbeddedCluster } from '../../src/testing/index.js'
import { type RunningCommand, type Screen, startCommandOn } from '../support/command-line.js'

let cluster: EmbeddedCluster
let folder: string

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'odradek-terminal-'))
})

afterAll(() => rmSync(folder, { recursive: true }))

beforeEach(async () => {
  cluster = await EmbeddedCluster.start({ topics: [{ topic: 'lines', numPartitions: 1 }] })
})

afterEach(() => cluster.close())

function produceOn(screen: Screen, ...args: string[]): RunningCommand {
  return startCommandOn(screen, 'produce', '-b', cluster.bootstrapServers, '-t', 'lines', ...args)
}

const values = () => cluster.records('lines').map(({ value }) => value?.toString())

describe('at a terminal', () => {
  const screen: Screen = { stdinIsTerminal: true, columns: 80 }

  it('produce prompts for every line, as kafka-console-producer does', async () => {
    const { stdin, said, result } = produceOn(screen)
    await said('>')
    stdin.write('one\n')
    await said('>>')
    stdin.write('two\nthree\n')
    await said('>>>')
    stdin.end()
    const { stderr, stdout } = await result
    expect(stderr).toMatch(/^>>>\nodradek: 3 records sent to lines[^\n]*\n$/)
    expect(stdout).toBe('')
    expect(values()).toEqual(['one', 'two', 'three'])
  })

  it('an error while a line is typed does not remove the prompt', async () => {
    cluster.failRequests({ api: 'Produce' }, 'TOPIC_AUTHORIZATION_FAILED')
    const { stdin, said, result } = produceOn(screen)
    await said('>')
    stdin.write('one\n')
    await said('(TOPIC_AUTHORIZATION_FAILED)\n>')
    stdin.end()
    expect((await result).stderr).toMatch(/^>>\nodradek: line 1: [^\n]*\n>\nodradek: 1 record failed\n/)
  })

  it('produce shows progress and no prompt while it reads a file', async () => {
    const path = join(folder, 'lines')
    writeFileSync(path, 'one\ntwo\n')
    cluster.intercept({
      beforeAnswer: ({ api }) => (api === 'Produce' ? { kind: 'delay', delayMs: 700 } : undefined),
    })
    const { said, result } = produceOn(screen, path)
    await said('\r\x1b[K0 records, 0.0 MB, 0 records/s, 2 under way')
    const { stderr } = await result
    expect(stderr).not.toContain('>')
    const [, afterProgress] = stderr.split('\r\x1b[Kodradek: ')
    expect(afterProgress).toMatch(/^2 records sent to lines[^\n]*\n$/)
  })
})

describe('elsewhere', () => {
  it.each<[string, Screen]>([
    ['input comes from a program', { columns: 80 }],
    ['nobody sees stderr', { stdinIsTerminal: true }],
  ])('there is no prompt if %s', async (_, screen) => {
    const { stdin, result } = produceOn(screen)
    stdin.end('one\n')
    expect((await result).stderr).not.toContain('>')
  })
})

describe('the first Ctrl-C while no broker can be reached', () => {
  it('says how long the command waited and that nothing was read', async () => {
    const [, port] = cluster.bootstrapServers.split(':')
    await cluster.close()
    await using listener = await hangingUp(Number(port))
    const { terminal, stdin, said, result } = produceOn({})
    stdin.write('one\n')
    await said('warning: cannot connect')
    // The backoff before the second connection is at least 40 ms.
    await listener.again
    terminal.interrupt('SIGINT')
    const { exitCode, stderr } = await result
    expect(stderr).toMatch(
      /odradek: interrupted before the first line was read\nodradek: 0 records sent to lines in \d+\.\d\d s\n$/,
    )
    expect(stderr).not.toContain('0.00 s')
    expect(exitCode).toBe(130)
  })

  it('counts the accepted lines, and the second Ctrl-C counts the lines that were not sent', async () => {
    const { terminal, stdin, said, result } = produceOn({}, '--command-property', 'linger.ms=60000')
    stdin.write('one\ntwo\n')
    while (stdin.readableLength > 0 || !cluster.requests().some(({ api }) => api === 'InitProducerId')) {
      await turn()
    }
    await turn()
    await cluster.close()
    terminal.interrupt('SIGINT')
    await said('interrupted')
    terminal.interrupt('SIGINT')
    const { exitCode, stderr } = await result
    expect(stderr).toMatch(
      /odradek: interrupted after \d+\.\d\d s: 0 records sent, 2 accepted lines not acknowledged yet; sending them, a second signal gives them up\n/,
    )
    expect(stderr).toMatch(
      /\nodradek: 2 accepted lines not sent\nodradek: 0 records sent to lines in \d+\.\d\d s\n$/,
    )
    expect(stderr).not.toContain('line 1')
    expect(exitCode).toBe(1)
  })
})

/** Accepts connections and closes them. `again` resolves at the second connection. */
async function hangingUp(port: number): Promise<AsyncDisposable & { readonly again: Promise<void> }> {
  const server = createServer((socket) => socket.destroy())
  const again = new Promise<void>((resolve) => {
    server.once('connection', () => server.once('connection', () => resolve()))
  })
  server.listen(port, '127.0.0.1')
  await once(server, 'listening')
  return {
    again,
    async [Symbol.asyncDispose]() {
      server.close()
      await once(server, 'close')
    },
  }
}

function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}
