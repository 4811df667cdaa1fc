import { inspect } from 'node:util'
import { describe, expect, it } from 'vitest'
import { ConfigError } from '../../../../src/errors.js'
import { fromProperties, resolveConfig } from '../../../../src/producer/config/config.js'
import { parsePropertiesText } from '../../../../src/producer/config/properties-text.js'

const brokers = 'bootstrap.servers=a:1\n'

function recordingLogger() {
  const log: string[] = []
  const record = (level: string) => (message: string) => void log.push(`${level}: ${message}`)
  return {
    log,
    logger: { debug: record('debug'), info: record('info'), warn: record('warn'), error: record('error') },
  }
}

describe('fromProperties', () => {
  it("takes a Java producer's .properties file", () => {
    const text = `
# The orders service
bootstrap.servers = kafka-1:9092, \\
                    kafka-2:9092
key.serializer: org.apache.kafka.common.serialization.StringSerializer
value.serializer: org.apache.kafka.common.serialization.ByteArraySerializer
value.serializer.encoding = UTF-8
acks=1
enable.idempotence = FALSE
linger.ms=20
batch.size=+65536
compression.type=gzip
max.block.ms=9223372036854775807
connections.max.idle.ms=-1
metadata.recovery.strategy=REBOOTSTRAP
security.protocol=plaintext
partitioner.class=org.apache.kafka.clients.producer.RoundRobinPartitioner
interceptor.classes=
client.id=orders\\u002d1
`
    const config = fromProperties(text)
    expect(config).toEqual({
      bootstrapServers: 'kafka-1:9092, kafka-2:9092',
      acks: 1,
      enableIdempotence: false,
      lingerMs: 20,
      batchSize: 65536,
      compressionType: 'gzip',
      maxBlockMs: Number.MAX_SAFE_INTEGER,
      connectionsMaxIdleMs: -1,
      metadataRecoveryStrategy: 'rebootstrap',
      securityProtocol: 'PLAINTEXT',
      partitioner: 'round-robin',
      clientId: 'orders-1',
    })
    expect(resolveConfig(config).bootstrapServers).toEqual([
      { host: 'kafka-1', port: 9092 },
      { host: 'kafka-2', port: 9092 },
    ])
  })

  it('takes an object with dotted keys', () => {
    const source = { 'bootstrap.servers': 'a:1', 'linger.ms': 0, 'enable.idempotence': 'true', acks: 'all' }
    expect(fromProperties({ ...source, retries: undefined, 'partitioner.ignore.keys': true })).toEqual({
      bootstrapServers: 'a:1',
      lingerMs: 0,
      enableIdempotence: true,
      acks: 'all',
      partitionerIgnoreKeys: true,
    })
  })

  it('leaves what is missing, and rules between settings, to the Producer', () => {
    const config = fromProperties('delivery.timeout.ms=1')
    expect(config).toEqual({ deliveryTimeoutMs: 1 })
    expect(() => resolveConfig(config)).toThrow('bootstrapServers is missing')
    expect(() => resolveConfig({ ...config, bootstrapServers: 'a:1' })).toThrow('deliveryTimeoutMs is 1')
  })

  it.each([
    ['org.apache.kafka.clients.producer.internals.DefaultPartitioner', { partitioner: 'default' }],
    [
      'org.apache.kafka.clients.producer.UniformStickyPartitioner',
      { partitioner: 'default', partitionerIgnoreKeys: true },
    ],
  ])('knows the partitioner %s', (name, settings) => {
    expect(fromProperties({ 'partitioner.class': name })).toEqual(settings)
  })

  it('warns of what means nothing here, once for each key', () => {
    const { log, logger } = recordingLogger()
    const config = fromProperties(
      `${brokers}send.buffer.bytes=1\nreceive.buffer.bytes=2\nmetric.reporters=x.Y\nauto.include.jmx.reporter=true`,
      { logger },
    )
    expect(log).toEqual([
      "warn: send.buffer.bytes is ignored: Node does not let a program set a socket's buffers",
      "warn: receive.buffer.bytes is ignored: Node does not let a program set a socket's buffers",
      'warn: metric.reporters is ignored: there are no reporters to load',
      'warn: auto.include.jmx.reporter is ignored: there is no JMX',
    ])
    expect(config).toEqual({ bootstrapServers: 'a:1', logger })
  })

  it.each([
    ['linger.ms=-1', 'linger.ms', 'linger.ms must be a whole number from 0 to 2^53 - 1, got -1'],
    ['linger.ms=soon', 'linger.ms', "linger.ms must be a whole number from 0 to 2^53 - 1, got 'soon'"],
    ['linger.ms=', 'linger.ms', "got ''"],
    ['linger.ms=5.0', 'linger.ms', "got '5.0'"],
    ['linger.ms=0x10', 'linger.ms', "got '0x10'"],
    ['linger.ms=9223372036854775808', 'linger.ms', "got '9223372036854775808'"],
    ['batch.size=2147483648', 'batch.size', 'from 0 to 2147483647, got 2147483648'],
    ['acks=ALL', 'acks', "acks must be 'all', -1, 0 or 1, got 'ALL'"],
    ['enable.idempotence=yes', 'enable.idempotence', "must be true or false, got 'yes'"],
    ['compression.type=GZIP', 'compression.type', "got the string 'GZIP'"],
    [
      'compression.type=lz4',
      'compression.type',
      "compression.type 'lz4' is not supported by this version yet",
    ],
    ['bootstrap.servers=a', 'bootstrap.servers', "bootstrap.servers has the entry 'a': the port is missing"],
    [
      'transactional.id=',
      'transactional.id',
      'must be a string that is not empty, at most 32767 bytes, or null',
    ],
    ['transactional.id=t', 'transactional.id', 'transactional.id is not supported by this version yet'],
    ['security.protocol=sasl_ssl', 'security.protocol', "'SASL_SSL' is not supported by this version yet"],
    ['ssl.protocol=TLSv1.3', 'ssl.protocol', 'ssl.protocol is not supported by this version yet'],
    ['ssl.cipher.suites=A, B', 'ssl.cipher.suites', 'ssl.cipher.suites is not supported by this version yet'],
    [
      'sasl.login.refresh.window.factor=0.4',
      'sasl.login.refresh.window.factor',
      'a number from 0.5 to 1, got 0.4',
    ],
    ['sasl.login.refresh.window.factor=x', 'sasl.login.refresh.window.factor', "got 'x'"],
    ['sasl.kerberos.service.name=kafka', 'sasl.kerberos.service.name', 'Kerberos is not supported'],
    ['security.providers=x', 'security.providers', 'Java security providers cannot be loaded'],
    ['config.providers=file', 'config.providers', 'not looked up elsewhere'],
    ['enable.metrics.push=true', 'enable.metrics.push', 'enable.metrics.push true is not supported'],
    [
      'interceptor.classes=x.Y',
      'interceptor.classes',
      'interceptor.classes is not supported by this version yet',
    ],
    [
      'key.serializer=org.apache.kafka.common.serialization.LongSerializer',
      'key.serializer',
      "key.serializer 'org.apache.kafka.common.serialization.LongSerializer' is not supported by this version yet",
    ],
    ['key.serializer.encoding=UTF-16', 'key.serializer.encoding', "must be UTF-8, got 'UTF-16'"],
    ['partitioner.class=x.Y', 'partitioner.class', "UniformStickyPartitioner, got 'x.Y'"],
    ['lingerMs=5', 'lingerMs', "unknown config key 'lingerMs': did you mean linger.ms?"],
    ['linger.sm=5', 'linger.sm', "unknown config key 'linger.sm': did you mean linger.ms?"],
    ['block.on.buffer.full=true', 'block.on.buffer.full', 'use max.block.ms instead'],
    ['ssl=true', 'ssl', "unknown config key 'ssl'"],
    ['logger=x', 'logger', "unknown config key 'logger'"],
    ['constructor=x', 'constructor', "unknown config key 'constructor'"],
    ['group.id=g', 'group.id', "unknown config key 'group.id'"],
    ['a=\\u00zz', 'properties', 'four hexadecimal digits'],
  ])('refuses %s', (line, key, message) => {
    const attempt = () => fromProperties(`${brokers}${line}\n`)
    expect(attempt).toThrow(ConfigError)
    expect(attempt).toThrow(message)
    expect(attempt).toThrow(expect.objectContaining({ key }))
  })

  it.each([[null], [undefined], [5], [['a']], [{ 'linger.ms': {} }], [{ 'linger.ms': null }]])(
    'refuses the source %j',
    (source) => {
      expect(() => fromProperties(anything(source))).toThrow(ConfigError)
    },
  )

  it('shows no password', () => {
    for (const line of ['sasl.jaas.config=x password="canary";', 'ssl.key.password=canary', 'x=\\u canary']) {
      let caught: unknown
      try {
        fromProperties(line)
      } catch (error) {
        caught = error
      }
      expect(caught).toBeInstanceOf(ConfigError)
      expect(inspect(caught, { showHidden: true, depth: 9 })).not.toContain('canary')
    }
  })
})

describe('the text of a .properties file', () => {
  const read = (text: string) => [...parsePropertiesText(text)]

  it.each([
    ['a=b', [['a', 'b']]],
    ['a:b', [['a', 'b']]],
    ['a b c ', [['a', 'b c ']]],
    [' \t a \t = \t b', [['a', 'b']]],
    ['a==b', [['a', '=b']]],
    ['a', [['a', '']]],
    ['=b', [['', 'b']]],
    ['a\\=b\\ c=d', [['a=b c', 'd']]],
    ['a=\\t\\n\\r\\f\\q\\\\', [['a', '\t\n\r\fq\\']]],
    ['a=\\u00e9\\uD83D\\uDE00', [['a', 'é😀']]],
    [
      'a=1\nb=2\rc=3\r\nd=4',
      [
        ['a', '1'],
        ['b', '2'],
        ['c', '3'],
        ['d', '4'],
      ],
    ],
    ['a=1\na=2', [['a', '2']]],
    ['# a=1\n ! b=2\n\n c=3', [['c', '3']]],
    ['# a \\\nb=2', [['b', '2']]],
    ['a=1,\\\n   2,\\\r\n\t3', [['a', '1,2,3']]],
    ['a=1\\\n#2', [['a', '1#2']]],
    [
      'a=1\\\\\nb=2',
      [
        ['a', '1\\'],
        ['b', '2'],
      ],
    ],
    [
      'a=1\\\n\nb=2',
      [
        ['a', '1'],
        ['b', '2'],
      ],
    ],
    ['a=1\\', [['a', '1']]],
    ['\\', []],
    ['\ufeffa=1', [['a', '1']]],
    ['__proto__=1', [['__proto__', '1']]],
    ['', []],
  ])('%j', (text, properties) => {
    expect(read(text)).toEqual(properties)
  })

  it('is read in time that grows with its length only', () => {
    // A reader that looks back at each backslash would take hours for this.
    expect(read(`a=${'\\'.repeat(1_000_000)}`)).toEqual([['a', '\\'.repeat(500_000)]])
    expect(read(`${' '.repeat(1_000_000)}a=${' '.repeat(1_000_000)}`)).toEqual([['a', '']])
  })
})

/** A source that the types would not let pass. */
function anything(source: unknown): string {
  return source as string
}
