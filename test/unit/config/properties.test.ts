import { inspect } from 'node:util'
import { describe, expect, it } from 'vitest'
import { fromProperties, type PropertiesOptions, resolveConfig } from '../../../src/config/config.js'
import { parsePropertiesText } from '../../../src/config/properties-text.js'
import { ConfigError } from '../../../src/errors.js'

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

  it('leaves missing keys and the rules between settings to the Producer', () => {
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

  it('warns once of each key that has no meaning here', () => {
    const { log, logger } = recordingLogger()
    const config = fromProperties(
      `${brokers}send.buffer.bytes=1\nreceive.buffer.bytes=2\nmetric.reporters=x.Y\nauto.include.jmx.reporter=true`,
      { logger },
    )
    expect(log).toEqual([
      "warn: config key 'send.buffer.bytes' is ignored: Node does not let a program set a socket's buffers",
      "warn: config key 'receive.buffer.bytes' is ignored: Node does not let a program set a socket's buffers",
      "warn: config key 'metric.reporters' is ignored: reporters of metrics cannot be loaded",
      "warn: config key 'auto.include.jmx.reporter' is ignored: there is no JMX",
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
    ['transactional.id=t', 'transactional.id', 'transactional.id is not supported by this version yet'],
    [
      'security.protocol=sasl_tls',
      'security.protocol',
      "security.protocol must be 'PLAINTEXT', 'SSL', 'SASL_PLAINTEXT' or 'SASL_SSL', got the string 'sasl_tls'",
    ],
    [
      'ssl.ca.location=/a.pem',
      'ssl.ca.location',
      "unknown config key 'ssl.ca.location': use ssl.truststore.location instead",
    ],
    ['sasl.login.refresh.window.factor=x', 'sasl.login.refresh.window.factor', 'a number from 0.5 to 1'],
    [
      'sasl.kerberos.kinit.cmd=kinit',
      'sasl.kerberos.kinit.cmd',
      'the Kerberos library behind your mechanism',
    ],
    ['allowedTokenUrls=http://a', 'allowedTokenUrls', 'pass allowedTokenUrls and allowedTokenFiles to the'],
    ['allowed.token.urls=http://a', 'allowed.token.urls', 'settings cannot allow what settings name'],
    ['allowed_token_files=/a', 'allowed_token_files', 'settings cannot allow what settings name'],
    [
      'org.apache.kafka.sasl.oauthbearer.allowed.urls=http://a',
      'org.apache.kafka.sasl.oauthbearer.allowed.urls',
      'settings cannot allow what settings name. Only code can',
    ],
    ['sasl.oauthbearer.scopes=a', 'sasl.oauthbearer.scopes', 'did you mean sasl.oauthbearer.scope?'],
    ['sasl.username=a', 'sasl.username', 'use sasl.jaas.config, or sasl: { mechanism, username, password }'],
    ['sasl.password=a', 'sasl.password', 'use sasl.jaas.config, or sasl: { mechanism, username, password }'],
    ['sasl.oauthbearer.config=a', 'sasl.oauthbearer.config', 'use sasl.jaas.config, or sasl: { mechanism'],
    ['sasl.mechansim=PLAIN', 'sasl.mechansim', 'did you mean sasl.mechanism?'],
    ['ssl=true', 'ssl', "unknown config key 'ssl'"],
    ['ssl.keymanager.algorithm=X', 'ssl.keymanager.algorithm', 'it chooses among Java classes'],
    ['security.providers=x', 'security.providers', 'Java security providers cannot be loaded'],
    ['config.providers=file', 'config.providers', 'not looked up elsewhere'],
    ['enable.metrics.push=true', 'enable.metrics.push', 'enable.metrics.push true is not supported'],
    [
      'interceptor.classes=x.Y',
      'interceptor.classes',
      "interceptor.classes names classes of Java, got 'x.Y': leave it out, and give objects as interceptors",
    ],
    [
      'key.serializer=org.apache.kafka.common.serialization.LongSerializer',
      'key.serializer',
      "key.serializer 'org.apache.kafka.common.serialization.LongSerializer' is not supported by this version yet",
    ],
    ['key.serializer.encoding=UTF-16', 'key.serializer.encoding', "must be UTF-8, got 'UTF-16'"],
    ['partitioner.class=x.Y', 'partitioner.class', "UniformStickyPartitioner, got 'x.Y'"],
    ['config.providers.file.class=x', 'config.providers.file.class', 'not looked up elsewhere'],
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
    const jaas = 'security.protocol=SASL_SSL\nsasl.mechanism=PLAIN\nsasl.jaas.config=x password="canary";'
    for (const lines of [jaas, 'ssl.ca.pem=canary', 'x=\\u canary']) {
      let caught: unknown
      try {
        resolveConfig(fromProperties(`${brokers}${lines}`))
      } catch (error) {
        caught = error
      }
      expect(caught).toBeInstanceOf(ConfigError)
      expect(inspect(caught, { showHidden: true, depth: 9 })).not.toContain('canary')
    }
  })
})

describe('a key that is about security', () => {
  it.each([
    ['security.protcol', "unknown config key 'security.protcol': did you mean security.protocol?"],
    ['securty.protocol', 'did you mean security.protocol?'],
    ['saslMechanism', 'did you mean sasl.mechanism?'],
    ['enable.ssl.certificate.verification', "unknown config key 'enable.ssl.certificate.verification'"],
    ['java.security.auth.login.config', "unknown config key 'java.security.auth.login.config'"],
    ['my.truststore', "unknown config key 'my.truststore'"],
  ])('is refused even if it is unknown: %s', (key, message) => {
    const { log, logger } = recordingLogger()
    expect(() => fromProperties({ 'bootstrap.servers': 'a:1', [key]: 'x' }, { logger })).toThrow(message)
    expect(log).toEqual([])
  })

  it('is ignored with a warning without its value if it belongs to another library', () => {
    const { log, logger } = recordingLogger()
    fromProperties(
      { 'schema.registry.ssl.keystore.password': 'canary', 'basic.auth.user.info': 'canary' },
      { logger },
    )
    expect(log).toEqual([
      "warn: config key 'schema.registry.ssl.keystore.password' is ignored: it is a setting of a schema registry's serializers",
      "warn: config key 'basic.auth.user.info' is ignored: it is a setting of a schema registry's serializers",
    ])
  })
})

describe('a key that a producer has no use for', () => {
  it.each([
    ['linger.sm', 'no setting has this name; did you mean linger.ms?'],
    ['lingerMs', 'no setting has this name; did you mean linger.ms?'],
    ['transaction.id', 'did you mean transactional.id (which this version does not support yet)?'],
    ['my.application.name', 'no setting has this name'],
    ['topic', 'no setting has this name'],
    ['logger', 'no setting has this name'],
    ['constructor', 'no setting has this name'],
    ['', 'no setting has this name'],
    ['group.id', "it is a setting of Kafka's consumers"],
    ['default.api.timeout.ms', "it is a setting of Kafka's admin clients"],
    ['log.retention.hours', "it is a setting of Kafka's brokers"],
    ['producer.type', 'every send is asynchronous'],
    ['block.on.buffer.full', 'use max.block.ms instead'],
    ['metadata.broker.list', 'use bootstrap.servers instead'],
    ['serializer.class', 'use value.serializer instead (which this version does not support yet)'],
    ['send.buffer.bytes', "Node does not let a program set a socket's buffers"],
  ])('is ignored with a warning, and refused with strict: %s', (key, reason) => {
    const { log, logger } = recordingLogger()
    const source = { 'bootstrap.servers': 'a:1', [key]: 'canary' }
    expect(fromProperties(source, { logger })).toEqual({ bootstrapServers: 'a:1', logger })
    expect(log).toHaveLength(1)
    expect(log[0]).toMatch(`warn: config key '${key}' is ignored: `)
    expect(log[0]).toContain(reason)
    expect(log[0]).not.toContain('canary')
    expect(() => fromProperties(source, { logger, strict: true })).toThrow(expect.objectContaining({ key }))
    expect(log).toHaveLength(1)
  })

  it('becomes a process warning without a logger', async () => {
    const warnings: Error[] = []
    const take = (warning: Error) => {
      if (warning.message.includes('group.id')) warnings.push(warning)
    }
    process.on('warning', take)
    try {
      expect(fromProperties('group.id=g\nacks=all')).toEqual({ acks: 'all' })
      await new Promise((resolve) => setImmediate(resolve))
    } finally {
      process.off('warning', take)
    }
    expect(warnings).toMatchObject([
      {
        name: 'KafkaWarning',
        message: "config key 'group.id' is ignored: it is a setting of Kafka's consumers",
      },
    ])
  })

  it('is not reported if another key is refused', () => {
    const { log, logger } = recordingLogger()
    expect(() => fromProperties('group.id=g\nacks=some', { logger })).toThrow(ConfigError)
    expect(log).toEqual([])
  })
})

describe('the options of fromProperties', () => {
  it.each([
    [{ strickt: true }, "unknown field 'strickt' of the options of fromProperties: did you mean strict?"],
    [
      { logger: {} },
      'logger of fromProperties is [object Object]: it must be an object with the functions debug, info,',
    ],
    [{ strict: 'no' }, "strict of fromProperties is the string 'no': it must be true or false"],
    [null, 'fromProperties takes an object of options'],
  ])('are checked: %j', (options, message) => {
    expect(() => fromProperties('', options as PropertiesOptions)).toThrow(message)
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

  it('is read in time that is linear in its length', () => {
    // A parser that looks back from each backslash would take hours.
    expect(read(`a=${'\\'.repeat(1_000_000)}`)).toEqual([['a', '\\'.repeat(500_000)]])
    expect(read(`${' '.repeat(1_000_000)}a=${' '.repeat(1_000_000)}`)).toEqual([['a', '']])
  })
})

/** A source that the types would refuse. */
function anything(source: unknown): string {
  return source as string
}
