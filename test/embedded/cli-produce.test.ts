import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { EmbeddedCluster, type StoredRecord } from '../../src/testing/index.js'
import { runCommandWith, startCommand } from '../support/command-line.js'

let cluster: EmbeddedCluster
let folder: string

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'odradek-cli-'))
})

afterAll(() => rmSync(folder, { recursive: true, force: true }))

beforeEach(async () => {
  cluster = await EmbeddedCluster.start({ topics: [{ topic: 'lines', numPartitions: 1 }] })
})

afterEach(() => cluster.close())

const asArguments = (args: readonly string[]) => [
  'produce',
  '--bootstrap-server',
  cluster.bootstrapServers,
  '--topic',
  'lines',
  ...args,
]
const produce = (input: string | readonly Uint8Array[], ...args: string[]) =>
  runCommandWith(input, ...asArguments(args))

function file(name: string, content: string | Uint8Array): string {
  const path = join(folder, name)
  writeFileSync(path, content)
  return path
}

const stored = (): StoredRecord[] => cluster.records('lines')
const values = () => stored().map(({ value }) => value?.toString('latin1'))

describe('odradek produce', () => {
  it('sends a record for every line of a file, byte for byte, and sums up on stderr', async () => {
    const path = file('bytes', Buffer.from('one\n\ntwo\r\n\x00\xff\xfe\nlast', 'latin1'))
    const { exitCode, stdout, stderr } = await produce('', path)
    expect(values()).toEqual(['one', '', 'two\r', '\x00\xff\xfe', 'last'])
    expect(stdout).toBe('')
    expect(stderr).toMatch(/^odradek: 5 records sent to lines, 14 bytes in [\d.]+ s, [\d,]+ records\/s\n$/)
    expect(exitCode).toBe(0)
  })

  it('sends the lines of standard input, however they come', async () => {
    const chunks = [...Buffer.from('first\nsecond\nthird')].map((byte) => Buffer.of(byte))
    expect(await produce(chunks)).toMatchObject({ exitCode: 0 })
    expect(await produce('', '-')).toMatchObject({ exitCode: 0 })
    expect(values()).toEqual(['first', 'second', 'third'])
  })

  it('keeps the order of many lines while it waits for room', async () => {
    const lines = Array.from({ length: 30_000 }, (_, i) => `line ${i} ${'x'.repeat(60)}`)
    const path = file('many', `${lines.join('\n')}\n`)
    const small = ['--producer-property', 'buffer.memory=65536', '--command-property', 'linger.ms=0']
    expect(await produce('', path, ...small)).toMatchObject({ exitCode: 0 })
    expect(values()).toEqual(lines)
  })

  it('reads keys, headers and nulls as properties say, the old and the new way', async () => {
    const { exitCode } = await produce(
      'a:1,b:\\N|k1=v1\nc:3|k2=\\N\n',
      ...['--property', 'parse.key=true', '--property', 'key.separator=='],
      ...['--reader-property', 'parse.headers=true', '--reader-property', 'headers.delimiter=|'],
      ...['--reader-property', 'null.marker=\\N'],
    )
    expect(exitCode).toBe(0)
    expect(stored()).toMatchObject([
      {
        key: Buffer.from('k1'),
        value: Buffer.from('v1'),
        headers: [
          ['a', Buffer.from('1')],
          ['b', null],
        ],
      },
      { key: Buffer.from('k2'), value: null, headers: [['c', Buffer.from('3')]] },
    ])
  })

  it('reads JSON', async () => {
    const lines =
      '{"key":"k","value":"v","headers":{"h":"1"},"partition":0,"timestamp":1700000000000}\n{"value":null}'
    expect(await produce(lines, '--json')).toMatchObject({ exitCode: 0 })
    expect(stored()).toMatchObject([
      {
        key: Buffer.from('k'),
        value: Buffer.from('v'),
        headers: [['h', Buffer.from('1')]],
        timestamp: 1_700_000_000_000,
      },
      { key: null, value: null },
    ])
    expect(await produce('', '--json', '--property', 'parse.key=true')).toMatchObject({ exitCode: 1 })
  })

  it('takes settings from files, and single ones over them', async () => {
    const settings = file('settings.properties', 'client.id = from file\nacks=1\nlinger.ms=0\n')
    const more = file('more.properties', 'client.id=from a second file\n')
    const all = ['--producer.config', settings, '--command-config', more, '--compression-codec', 'gzip']
    expect(await produce('x\n', ...all, '--command-property', 'acks=all')).toMatchObject({ exitCode: 0 })
    const produced = cluster.requests().filter(({ api }) => api === 'Produce')
    expect(produced.map(({ clientId }) => clientId)).toEqual(['from a second file'])
    expect(values()).toEqual(['x'])
  })
})

describe('what goes wrong', () => {
  it('a wrong line ends the command with its number; the lines before it are sent', async () => {
    const { exitCode, stderr } = await produce('a\tb\nc\td\nwrong\ne\tf\n', '--property', 'parse.key=true')
    expect(stderr).toContain('odradek: line 3 of standard input: no key separator in "wrong"\n')
    expect(stderr).toContain('2 records sent to lines')
    expect(exitCode).toBe(1)
    expect(values()).toEqual(['b', 'd'])
  })

  it('ignore.error lets it pass', async () => {
    const lenient = ['--property', 'parse.key=true', '--property', 'ignore.error=true']
    expect(await produce('a\tb\nwrong\n', ...lenient)).toMatchObject({ exitCode: 0 })
    expect(values()).toEqual(['b', 'wrong'])
  })

  it('failed records are told by line, the first ten, and counted', async () => {
    const large = `${'x'.repeat(2000)}\n`
    const input = `fits\n${large.repeat(12)}fits too\n`
    const { exitCode, stderr } = await produce(input, '--producer-property', 'max.request.size=1000')
    expect(exitCode).toBe(1)
    expect(stderr).toContain('odradek: line 2: ')
    expect(stderr).toContain('odradek: line 11: ')
    expect(stderr).not.toContain('line 12: ')
    expect(stderr).toContain('RECORD_TOO_LARGE')
    expect(stderr).toContain('odradek: more records failed; the rest is only counted\n')
    expect(stderr).toContain('odradek: 12 records failed\n')
    expect(stderr).toContain('odradek: 2 records sent to lines')
    expect(values()).toEqual(['fits', 'fits too'])
  })

  it('a record that the broker refuses', async () => {
    cluster.failRequests({ api: 'Produce' }, 'TOPIC_AUTHORIZATION_FAILED')
    const { exitCode, stderr } = await produce('x\n')
    expect(stderr).toMatch(/odradek: line 1: .*TOPIC_AUTHORIZATION_FAILED/)
    expect(stderr).toContain('odradek: 1 record failed\n')
    expect(exitCode).toBe(1)
  })

  it('a line without end is not read into memory for ever', async () => {
    const chunk = Buffer.alloc(5000, 'x')
    const { exitCode, stderr } = await produce([chunk, chunk], '--producer-property', 'max.request.size=1000')
    expect(stderr).toContain('line 1 of standard input: it is longer than 8000 bytes')
    expect(exitCode).toBe(1)
  })

  it.each([
    [['/no/such/file'], 'cannot read /no/such/file: no such file or directory (ENOENT)'],
    [[tmpdir()], `cannot read ${tmpdir()}: it is a directory`],
    [['--command-config', '/no/such/file'], 'cannot read /no/such/file'],
    [['--command-property', 'acks'], "'acks' is no setting: write key=value"],
    [['--command-property', 'ackz=1'], "unknown config key 'ackz': did you mean acks?"],
    [['--property', 'parse.keys=true'], "unknown reader property 'parse.keys'"],
    [['--compression-type', 'brotli'], 'compression.type'],
  ])('%j is one line and exit code 1, before anything is sent', async (args, message) => {
    const { exitCode, stdout, stderr } = await produce('x\n', ...args)
    expect(stderr).toMatch(/^odradek: [^\n]*\n$/)
    expect(stderr).toContain(message)
    expect([exitCode, stdout]).toEqual([1, ''])
    expect(cluster.requests()).toEqual([])
  })

  it('a missing --topic', async () => {
    const { exitCode, stderr } = await runCommandWith('', 'produce', '--bootstrap-server', 'localhost:9092')
    expect(stderr).toBe("odradek: required option '--topic <topic>' not specified\n")
    expect(exitCode).toBe(1)
  })

  it('no broker', async () => {
    await cluster.close()
    const { exitCode, stderr } = await produce('x\n', '--command-property', 'max.block.ms=100')
    expect(stderr).toMatch(/^odradek: [^\n]*ECONNREFUSED[^\n]*\n$/)
    expect(exitCode).toBe(1)
  })

  it('a name that no topic can have', async () => {
    const { exitCode, stderr } = await produce('x\n', '--topic', 'a/b')
    expect(stderr).toMatch(/^odradek: [^\n]*a\/b[^\n]*\n$/)
    expect(exitCode).toBe(1)
  })
})

describe('an interruption', () => {
  it('ends the reading, delivers what was accepted, and reports', async () => {
    const { terminal, stdin, result } = startCommand(
      ...asArguments(['--command-property', 'linger.ms=60000']),
    )
    stdin.write('one\ntwo\nunfinished')
    while (stdin.readableLength > 0 || cluster.requests().length === 0) await turn()
    await turn()
    terminal.interrupt('SIGTERM')
    const { exitCode, stderr } = await result
    expect(stderr).toContain(
      'odradek: interrupted; sending what was accepted\nodradek: 2 records sent to lines',
    )
    expect(exitCode).toBe(143)
    expect(values()).toEqual(['one', 'two'])
  })

  it('the second time gives up what has no outcome, and says so', async () => {
    cluster.ignoreRequests({ api: 'Produce', times: 1000 })
    const { terminal, stdin, result, said } = startCommand(...asArguments([]))
    stdin.write('one\n')
    while (!cluster.requests().some(({ api }) => api === 'Produce')) await turn()
    terminal.interrupt('SIGINT')
    await said('interrupted; sending what was accepted')
    terminal.interrupt('SIGINT')
    const { exitCode, stderr } = await result
    expect(stderr).toContain('odradek: 1 record failed; 1 of them may be in the log nevertheless\n')
    expect(exitCode).toBe(1)
  })
})

function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}
