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
  it('sends a record for every line of a file, byte for byte, with a summary on stderr', async () => {
    const path = file('bytes', Buffer.from('one\n\ntwo\r\n\x00\xff\xfe\nlast', 'latin1'))
    const { exitCode, stdout, stderr } = await produce('', path)
    expect(values()).toEqual(['one', '', 'two\r', '\x00\xff\xfe', 'last'])
    expect(stdout).toBe('')
    expect(stderr).toMatch(/^odradek: 5 records sent to lines, 14 bytes in [\d.]+ s, [\d,]+ records\/s\n$/)
    expect(exitCode).toBe(0)
  })

  it('sends the lines of standard input, however its chunks are cut', async () => {
    const chunks = [...Buffer.from('first\nsecond\nthird')].map((byte) => Buffer.of(byte))
    expect(await produce(chunks)).toMatchObject({ exitCode: 0 })
    expect(await produce('', '-')).toMatchObject({ exitCode: 0 })
    expect(values()).toEqual(['first', 'second', 'third'])
  })

  it('keeps the order of many lines while it waits for room in the buffer', async () => {
    const lines = Array.from({ length: 30_000 }, (_, i) => `line ${i} ${'x'.repeat(60)}`)
    const path = file('many', `${lines.join('\n')}\n`)
    const small = ['--producer-property', 'buffer.memory=65536', '--command-property', 'linger.ms=0']
    expect(await produce('', path, ...small)).toMatchObject({ exitCode: 0 })
    expect(values()).toEqual(lines)
  })

  it('reads keys, headers and nulls by reader properties, with the old and the new option', async () => {
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

  it('reads JSON with a byte order mark and blank lines', async () => {
    const lines = '\ufeff{"value":"a"}\r\n\r\n{"value":"b"}\n \n\n'
    const { exitCode, stderr } = await produce(lines, '--json')
    expect(stderr).toMatch(/^odradek: 2 records sent to lines[^\n]*\n$/)
    expect(exitCode).toBe(0)
    expect(values()).toEqual(['a', 'b'])
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
    expect(await produce('', '--json', '--property', 'parse.key=true')).toMatchObject({
      exitCode: 1,
      stderr: 'odradek: reader property parse.key has no meaning with --json\n',
    })
  })

  it('takes settings from files, and single settings override them', async () => {
    const settings = file('settings.properties', 'client.id = from file\nacks=1\nlinger.ms=0\n')
    const more = file('more.properties', 'client.id=from a second file\n')
    const all = ['--producer.config', settings, '--command-config', more, '--compression-codec', 'gzip']
    expect(await produce('x\n', ...all, '--command-property', 'acks=all')).toMatchObject({ exitCode: 0 })
    const produced = cluster.requests().filter(({ api }) => api === 'Produce')
    expect(produced.map(({ clientId }) => clientId)).toEqual(['from a second file'])
    expect(values()).toEqual(['x'])
  })
})

describe("the console producer's options", () => {
  it.each([
    ['--batch-size', 'batch.size'],
    ['--max-partition-memory-bytes', 'batch.size'],
    ['--max-memory-bytes', 'buffer.memory'],
    ['--max-block-ms', 'max.block.ms'],
    ['--timeout', 'linger.ms'],
    ['--request-required-acks', 'acks'],
    ['--request-timeout-ms', 'request.timeout.ms'],
    ['--message-send-max-retries', 'retries'],
    ['--retry-backoff-ms', 'retry.backoff.ms'],
    ['--metadata-expiry-ms', 'metadata.max.age.ms'],
  ])('%s is the setting %s, and overrides --command-property', async (option, setting) => {
    const given = ['--command-property', `${setting}=1`, option, 'wrong']
    const { exitCode, stderr } = await produce('x\n', ...given)
    expect(stderr).toMatch(/^odradek: [^\n]*\n$/)
    expect(stderr).toContain(`${setting} must be `)
    expect(stderr).toContain("got 'wrong'")
    expect(exitCode).toBe(1)
  })

  it('that have no meaning here are ignored with a warning, or refused with the reason', async () => {
    expect(await produce('x\n', '--socket-buffer-size', '100')).toMatchObject({
      exitCode: 0,
      stderr: expect.stringContaining(
        "warning: config key 'send.buffer.bytes' is ignored: Node does not let a program set",
      ),
    })
    expect(await produce('y\n', '--line-reader', 'org.apache.kafka.tools.LineMessageReader')).toMatchObject({
      exitCode: 0,
    })
    expect(await produce('z\n', '--line-reader', 'com.example.Reader')).toMatchObject({
      exitCode: 1,
      stderr: expect.stringContaining('--line-reader com.example.Reader: a Java class cannot be loaded'),
    })
    expect(values()).toEqual(['x', 'y'])
  })

  it('--sync sends each line when the line before it is acknowledged', async () => {
    const { exitCode } = await produce('one\ntwo\nthree\n', '--sync')
    expect(exitCode).toBe(0)
    const produced = cluster.requests().flatMap((request) => request.produced ?? [])
    expect(produced.map(({ recordCount }) => recordCount)).toEqual([1, 1, 1])
    expect(values()).toEqual(['one', 'two', 'three'])
  })

  it('--reader-config has reader properties, and single properties override it', async () => {
    const properties = file('reader.properties', 'parse.key=true\nkey.separator=\\t\nnull.marker=NULL\n')
    const args = ['--reader-config', properties, '--reader-property', 'null.marker=NONE']
    expect(await produce('k\tNULL\nl\tNONE\n', ...args)).toMatchObject({ exitCode: 0 })
    expect(stored().map(({ key, value }) => [key?.toString(), value?.toString()])).toEqual([
      ['k', 'NULL'],
      ['l', undefined],
    ])
  })
})

describe('an error', () => {
  it('in a line ends the command and has the number of the line; the lines before it are sent', async () => {
    const { exitCode, stderr } = await produce('a\tb\nc\td\nwrong\ne\tf\n', '--property', 'parse.key=true')
    expect(stderr).toContain("odradek: line 3 of standard input: no key separator (a tab) in 'wrong'\n")
    expect(stderr).toContain('2 records sent to lines')
    expect(exitCode).toBe(1)
    expect(values()).toEqual(['b', 'd'])
  })

  it('in a line is ignored with ignore.error', async () => {
    const lenient = ['--property', 'parse.key=true', '--property', 'ignore.error=true']
    expect(await produce('a\tb\nwrong\n', ...lenient)).toMatchObject({ exitCode: 0 })
    expect(values()).toEqual(['b', 'wrong'])
    const short = ['--property', 'parse.key=true', '--ignore-error']
    expect(await produce('wrong, too\n', ...short)).toMatchObject({ exitCode: 0 })
    expect(values()).toEqual(['b', 'wrong', 'wrong, too'])
  })

  it.each([[['--ignore-error']], [['--reader-property', 'ignore.error=true']]])(
    'in a line of JSON leaves the line out with %j, and is reported and counted',
    async (args) => {
      const wrong = Array.from({ length: 12 }, (_, i) => `wrong ${i}\n`).join('')
      const { exitCode, stderr } = await produce(`{"value":"a"}\n${wrong}{"value":"b"}\n`, '--json', ...args)
      expect(stderr).toContain(
        "odradek: line 2 of standard input is left out: not JSON in UTF-8: 'wrong 0'\n",
      )
      expect(stderr).toContain("line 11 of standard input is left out: not JSON in UTF-8: 'wrong 9'\n")
      expect(stderr).not.toContain('line 12 of')
      expect(stderr).toContain('odradek: more lines are left out; the rest is only counted\n')
      expect(stderr).toContain('odradek: 12 lines left out\nodradek: 2 records sent to lines')
      expect(exitCode).toBe(0)
      expect(values()).toEqual(['a', 'b'])
    },
  )

  it('in a line of JSON ends the command without ignore.error', async () => {
    const { exitCode, stderr } = await produce('{"value":"a"}\nwrong\n{"value":"b"}\n', '--json')
    expect(stderr).toContain("odradek: line 2 of standard input: not JSON in UTF-8: 'wrong'\n")
    expect(exitCode).toBe(1)
    expect(values()).toEqual(['a'])
  })

  it('of a record is reported with its line; after ten of them the rest is counted', async () => {
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

  it('of the last line, if no line feed ends it, is reported before the summary', async () => {
    const { exitCode, stderr } = await produce(
      'x'.repeat(2_000),
      '--producer-property',
      'max.request.size=1000',
    )
    expect(stderr).toMatch(
      /^odradek: line 1: .*RECORD_TOO_LARGE\)\nodradek: 1 record failed\nodradek: 0 records sent to lines in [\d.]+ s\n$/,
    )
    expect(exitCode).toBe(1)
  })

  it('of the broker is reported', async () => {
    cluster.failRequests({ api: 'Produce' }, 'TOPIC_AUTHORIZATION_FAILED')
    const { exitCode, stderr } = await produce('x\n')
    expect(stderr).toMatch(/odradek: line 1: .*TOPIC_AUTHORIZATION_FAILED/)
    expect(stderr).toContain('odradek: 1 record failed\n')
    expect(exitCode).toBe(1)
  })

  it('for a line that is too long for a record fails that line alone, which is not kept in memory', async () => {
    const chunk = Buffer.alloc(5000, 'x')
    const input = [Buffer.from('first\n'), chunk, chunk, Buffer.from('\nthird\n'), chunk, chunk]
    const { exitCode, stderr } = await produce(input, '--producer-property', 'max.request.size=1000')
    const why = 'it has 10,000 bytes and a line can have 8,000, 8 times max.request.size (RECORD_TOO_LARGE)'
    expect(stderr).toContain(`odradek: line 2: ${why}\nodradek: line 4: ${why}\n`)
    expect(stderr).toContain('odradek: 2 records failed\nodradek: 2 records sent to lines')
    expect(exitCode).toBe(1)
    expect(values()).toEqual(['first', 'third'])
  })

  it.each([
    [['/no/such/file'], 'cannot read /no/such/file: no such file or directory (ENOENT)'],
    [[tmpdir()], `cannot read ${tmpdir()}: it is a directory`],
    [['--command-config', '/no/such/file'], 'cannot read /no/such/file'],
    [['--command-property', 'acks'], "'acks' is not a setting: write key=value"],
    [['--command-property', 'acks=some'], "acks must be 'all', -1, 0 or 1, got 'some'"],
    [['--command-property', 'ackz=1'], "unknown config key 'ackz': did you mean acks?"],
    [['--command-property', '__proto__=x'], "unknown config key '__proto__'"],
    [['--producer-property', 'constructor=x'], "unknown config key 'constructor'"],
    [['--property', 'parse.keys=true'], "unknown reader property 'parse.keys'"],
    [['--reader-property', '__proto__=x'], "unknown reader property '__proto__'"],
    [['--json', '--property', '__proto__=x'], "unknown reader property '__proto__'"],
    [['--compression-type', 'brotli'], 'compression.type'],
  ])('in %j is one line and exit code 1, before anything is sent', async (args, message) => {
    const { exitCode, stdout, stderr } = await produce('x\n', ...args)
    expect(stderr).toMatch(/^odradek: [^\n]*\n$/)
    expect(stderr).toContain(message)
    expect([exitCode, stdout]).toEqual([1, ''])
    expect(cluster.requests()).toEqual([])
  })

  it("about an unknown setting in a file is only a warning, as in Kafka's tools", async () => {
    const settings = file('unknown.properties', 'ackz=1\n__proto__=x\n')
    const { exitCode, stderr } = await produce('x\n', '--command-config', settings)
    const ignored = (name: string) => `warning: config key '${name}' is ignored: no setting has this name`
    expect(stderr).toContain(`${ignored('ackz')}; did you mean acks?\n`)
    expect(stderr).toContain(`${ignored('__proto__')}\n`)
    expect(exitCode).toBe(0)
  })

  it("about a setting of Kafka's other clients is only a warning, in a file and in an option", async () => {
    const { exitCode, stderr } = await produce('x\n', '--command-property', 'group.id=readers')
    expect(stderr).toMatch(/odradek: warning: config key 'group.id' is ignored: [^\n]*\n/)
    expect(exitCode).toBe(0)
  })

  it('names a missing --topic', async () => {
    const { exitCode, stderr } = await runCommandWith('', 'produce', '--bootstrap-server', 'localhost:9092')
    expect(stderr).toBe("odradek: required option '-t, --topic <topic>' not specified\n")
    expect(exitCode).toBe(1)
  })

  it('names a missing --bootstrap-server', async () => {
    await cluster.close()
    const { exitCode, stderr } = await produce('x\n', '--command-property', 'max.block.ms=100')
    const [warning, error, end] = stderr.split('\n')
    expect(warning).toMatch(
      /^odradek: warning: cannot connect to broker [^\n]*ECONNREFUSED[^\n]*; trying again$/,
    )
    expect(error).toMatch(/^odradek: timed out after max.block.ms=100: [^\n]*ECONNREFUSED[^\n]*$/)
    expect(end).toBe('')
    expect(exitCode).toBe(1)
  })

  it('names an invalid topic name', async () => {
    const { exitCode, stderr } = await produce('x\n', '--topic', 'a/b')
    expect(stderr).toMatch(/^odradek: [^\n]*a\/b[^\n]*\n$/)
    expect(exitCode).toBe(1)
  })
})

describe('an interruption', () => {
  it('ends the reading, delivers the accepted lines, and reports', async () => {
    const { terminal, stdin, result } = startCommand(
      ...asArguments(['--command-property', 'linger.ms=60000']),
    )
    stdin.write('one\ntwo\nunfinished')
    while (stdin.readableLength > 0 || cluster.requests().length === 0) await turn()
    await turn()
    terminal.interrupt('SIGTERM')
    const { exitCode, stderr } = await result
    expect(stderr).toMatch(
      /^odradek: interrupted after [\d.]+ s: 0 records sent, 2 accepted lines not acknowledged yet; sending them, a second signal gives them up\nodradek: 2 records sent to lines/,
    )
    expect(exitCode).toBe(143)
    expect(values()).toEqual(['one', 'two'])
  })

  it('for the second time gives up the lines without an outcome, and says so', async () => {
    cluster.ignoreRequests({ api: 'Produce', times: 1000 })
    const { terminal, stdin, result, said } = startCommand(...asArguments([]))
    stdin.write('one\n')
    while (!cluster.requests().some(({ api }) => api === 'Produce')) await turn()
    terminal.interrupt('SIGINT')
    await said('interrupted after')
    terminal.interrupt('SIGINT')
    const { exitCode, stderr } = await result
    expect(stderr).toContain(
      'odradek: 1 accepted line sent and not acknowledged; it may be in the log\nodradek: 0 records sent',
    )
    expect(exitCode).toBe(1)
  })
})

function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}
