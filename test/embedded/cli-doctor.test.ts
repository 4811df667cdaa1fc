import { readFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import type { CheckName } from '../../src/doctor/checks.js'
import type { Finding } from '../../src/doctor/finding.js'
import type { DoctorReport } from '../../src/doctor/report.js'
import { AclOperation } from '../../src/protocol/authorized-operations.js'
import { EmbeddedCluster, type EmbeddedClusterOptions } from '../../src/testing/index.js'
import { certificateFile, certificateText } from '../support/certificates/certificates.js'
import { runCommandWith, startCommand, startCommandOn } from '../support/command-line.js'

const closers: (() => unknown)[] = []
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close()
})

async function start(options: EmbeddedClusterOptions = {}): Promise<EmbeddedCluster> {
  const cluster = await EmbeddedCluster.start(options)
  closers.push(() => cluster.close())
  return cluster
}

const tlsOf = (name: string) => ({
  key: certificateText(`${name}.key`),
  cert: certificateText(`${name}.pem`),
})
const users = { alice: 'alice-secret' }
const properties = (settings: Readonly<Record<string, string>>): string[] =>
  Object.entries(settings).flatMap(([name, value]) => ['--command-property', `${name}=${value}`])
const trusting = (authority = 'root.pem') => ({
  'security.protocol': 'SSL',
  'ssl.truststore.type': 'PEM',
  'ssl.truststore.location': certificateFile(authority),
})
const loginOf = (password: string, mechanism = 'PLAIN') => ({
  'security.protocol': 'SASL_PLAINTEXT',
  'sasl.mechanism': mechanism,
  'sasl.jaas.config': `org.apache.kafka.common.security.${mechanism === 'PLAIN' ? 'plain.Plain' : 'scram.Scram'}LoginModule required username="alice" password="${password}";`,
})

interface Examined {
  readonly exitCode: number
  readonly report: DoctorReport
  readonly stdout: string
}

/** Runs the doctor with a time limit of a second for each step. */
async function examined(
  server: { readonly bootstrapServers: string },
  settings: Readonly<Record<string, string>> = {},
  ...args: string[]
): Promise<Examined> {
  const all = ['-b', server.bootstrapServers, '--timeout', '1', ...properties(settings), ...args]
  const { exitCode, stdout, stderr } = await runCommandWith('', 'doctor', '--json', ...all)
  expect(stderr).toBe('')
  return { exitCode, stdout, report: JSON.parse(stdout) }
}

const found = ({ report }: Examined, check: CheckName, subject = ''): Finding[] =>
  report.findings.filter((finding) => finding.check === check && finding.subject.startsWith(subject))

const wrong = ({ report }: Examined): Finding[] =>
  report.findings.filter(({ verdict }) => verdict === 'wrong')

/** The checks with this verdict, in their order. */
const checksWith = ({ report }: Examined, verdict: Finding['verdict']): CheckName[] =>
  report.findings.filter((finding) => finding.verdict === verdict).map(({ check }) => check)

const settingsOf = (finding: Finding | undefined) => finding?.fixes.map(({ setting }) => setting)

/** One thing is wrong: this check, with these words, and these settings to change. */
function expectWrong(
  result: Examined,
  check: CheckName,
  message: RegExp,
  settings: readonly unknown[],
): Finding {
  const [only, ...others] = wrong(result)
  expect(others).toEqual([])
  expect(only?.check).toBe(check)
  expect(only?.message).toMatch(message)
  expect(settingsOf(only)).toEqual(settings)
  expect(result.exitCode).toBe(1)
  return only as Finding
}

describe('odradek doctor on a healthy cluster', () => {
  it('finds nothing wrong, and writes and creates nothing', async () => {
    const configs = { 'min.insync.replicas': '2' }
    const cluster = await start({ brokers: 3, topics: [{ topic: 'orders', configs }] })
    const result = await examined(cluster, {}, '--topic', 'orders')
    expect(result.exitCode).toBe(0)
    expect(result.report).toMatchObject({
      version: 1,
      verdict: 'ok',
      topic: 'orders',
      bootstrapServers: cluster.bootstrapServers.split(','),
      counts: { wrong: 0, warning: 0, skipped: 0, unknown: 1 },
    })
    expect(result.report.clusterId).toMatch(/^[\w-]{22}$/)
    expect(found(result, 'same-cluster')).toHaveLength(3)
    expect(checksWith(result, 'unknown')).toEqual(['clock'])
    expect(cluster.records('orders')).toEqual([])
    const apis = new Set(cluster.requests().map(({ api }) => api))
    expect([...apis].sort()).toEqual(['ApiVersions', 'DescribeConfigs', 'InitProducerId', 'Metadata'])
  })

  it('warns of acks=all that is content with one of three replicas', async () => {
    const cluster = await start({ brokers: 3, topics: ['orders'] })
    const result = await examined(cluster, {}, '--topic', 'orders')
    expect(result.exitCode).toBe(0)
    expect(checksWith(result, 'warning')).toEqual(['min-isr'])
  })

  it('says it in aligned lines for people, without colours in a file', async () => {
    const cluster = await start({ topics: ['orders'] })
    const { stdout, stderr, exitCode } = await runCommandWith('', 'doctor', '-b', cluster.bootstrapServers)
    expect({ stderr, exitCode }).toEqual({ stderr: '', exitCode: 0 })
    expect(stdout).toContain('\n  ok     TCP             127.0.0.1:')
    expect(stdout).toContain('\n  ok     producer id     the principal may be an idempotent producer\n')
    expect(stdout).toMatch(
      /\n\nNothing is wrong \(1 check without an answer\)\. --topic looks at a topic too\.\n$/,
    )
    expect(stdout).not.toContain('\x1b')
  })

  it('logs in, and describes the certificate', async () => {
    const cluster = await start({ tls: tlsOf('broker'), sasl: { users } })
    const settings = {
      ...trusting(),
      ...loginOf(users.alice, 'SCRAM-SHA-256'),
      'security.protocol': 'SASL_SSL',
    }
    const result = await examined(cluster, settings)
    expect(result.exitCode).toBe(0)
    expect(found(result, 'tls', 'bootstrap')).toMatchObject([
      {
        verdict: 'ok',
        message: expect.stringMatching(
          /^TLSv1\.3 with TLS_\w+; certificate CN=\S+ of CN=root for .*127\.0\.0\.1/,
        ),
        facts: { protocol: 'TLSv1.3', daysLeft: expect.any(Number) },
      },
    ])
    expect(found(result, 'sasl-mechanism', 'bootstrap')[0]?.message).toBe(
      'SCRAM-SHA-256; the broker offers OAUTHBEARER, PLAIN, SCRAM-SHA-256, SCRAM-SHA-512',
    )
    expect(found(result, 'sasl-login')).toHaveLength(2)
  })
})

describe('odradek doctor on the way to a server', () => {
  it('names the host that cannot be resolved, and goes on with the other servers', async () => {
    const cluster = await start()
    const servers = { bootstrapServers: `no-such-host.invalid:9092,${cluster.bootstrapServers}` }
    const result = await examined(servers)
    expectWrong(result, 'name', /^no-such-host\.invalid: /, ['bootstrap.servers', null])
    expect(found(result, 'cluster')).toMatchObject([{ verdict: 'ok' }])
    expect(found(result, 'tcp', 'bootstrap server no-such-host')).toMatchObject([
      { verdict: 'skipped', message: 'because no-such-host.invalid has no address' },
    ])
  })

  it('says that nothing listens, and skips the rest with the reason', async () => {
    const server = createServer().listen(0, '127.0.0.1')
    await new Promise((resolve) => server.once('listening', resolve))
    const { port } = server.address() as { port: number }
    await new Promise((resolve) => server.close(resolve))
    const result = await examined({ bootstrapServers: `127.0.0.1:${port}` }, {}, '--topic', 'orders')
    expectWrong(result, 'tcp', /nothing listens there \(ECONNREFUSED\)$/, [
      'bootstrap.servers',
      'listeners',
      null,
    ])
    expect(found(result, 'topic')).toMatchObject([
      { verdict: 'skipped', message: 'because no bootstrap server can be used' },
    ])
    expect(result.report.clusterId).toBeNull()
  })

  it('gives up a silent port after the time of a step', async () => {
    const server = createServer().listen(0, '127.0.0.1')
    await new Promise((resolve) => server.once('listening', resolve))
    closers.push(() => server.close())
    const { port } = server.address() as { port: number }
    const result = await examined({ bootstrapServers: `127.0.0.1:${port}` })
    expectWrong(result, 'versions', /not done within 1000 ms$/, ['security.protocol'])
  })

  it('begins no step after the time for all of them', async () => {
    const server = createServer().listen(0, '127.0.0.1')
    await new Promise((resolve) => server.once('listening', resolve))
    closers.push(() => server.close())
    const { port } = server.address() as { port: number }
    const args = ['-b', `127.0.0.1:${port}`, '--timeout', '60', '--max-time', '1', '--json']
    const { stdout, exitCode } = await runCommandWith('', 'doctor', ...args)
    expect(exitCode).toBe(1)
    const { findings }: DoctorReport = JSON.parse(stdout)
    expect(findings.filter(({ verdict }) => verdict === 'wrong')).toMatchObject([
      { check: 'versions', message: expect.stringMatching(/: not done within \d+ ms$/) },
    ])
  })

  it('knows a TLS port that is spoken to in plaintext', async () => {
    const cluster = await start({ tls: tlsOf('broker') })
    const result = await examined(cluster)
    expectWrong(result, 'versions', /: the port speaks TLS, and the client is set to plaintext$/, [
      'security.protocol',
    ])
  })

  it('knows a plaintext port that is spoken to in TLS', async () => {
    const cluster = await start()
    const result = await examined(cluster, trusting())
    expectWrong(result, 'tls', /: the port speaks Kafka in plaintext, and the client is set to TLS$/, [
      'security.protocol',
    ])
  })

  it.each([
    ['broker', 'other-root.pem', /authority CN=root, which is not trusted/, ['ssl.truststore.location']],
    [
      'other-host',
      'root.pem',
      /certificate is for .*, and not for 127\.0\.0\.1/,
      ['bootstrap.servers', 'ssl.keystore.location'],
    ],
    ['expired', 'root.pem', /certificate is valid from .* to .*, and here it is/, ['ssl.keystore.location']],
  ])('says why the certificate %s is refused with %s', async (certificate, authority, message, settings) => {
    const cluster = await start({ tls: tlsOf(certificate) })
    expectWrong(await examined(cluster, trusting(authority)), 'tls', message, settings)
  })

  it('says that the broker wants a certificate of the client', async () => {
    const cluster = await start({
      tls: { ...tlsOf('broker'), ca: certificateText('root.pem'), requestCert: true },
    })
    expectWrong(
      await examined(cluster, trusting()),
      'tls',
      /wants a certificate of the client, and none is set/,
      ['ssl.keystore.location', 'ssl.truststore.location'],
    )
  })

  it('says that the password is wrong, and shows none', async () => {
    const cluster = await start({ sasl: { users } })
    const result = await examined(cluster, loginOf('canary-password', 'SCRAM-SHA-512'))
    expectWrong(result, 'sasl-login', /the broker refused the SCRAM-SHA-512 login/, [
      'sasl.jaas.config',
      'sasl.mechanism',
    ])
    expect(result.stdout).not.toContain('canary')
    const args = ['-b', cluster.bootstrapServers, ...properties(loginOf('canary-password'))]
    const shown = await runCommandWith('', 'doctor', ...args)
    expect(shown.stdout).toContain('WRONG  SASL login')
    expect(shown.stdout + shown.stderr).not.toContain('canary')
  })

  it('names the mechanisms that the broker offers', async () => {
    const cluster = await start({ sasl: { users, mechanisms: ['SCRAM-SHA-512'] } })
    expectWrong(
      await examined(cluster, loginOf(users.alice)),
      'sasl-mechanism',
      /does not offer the mechanism PLAIN; it offers SCRAM-SHA-512/,
      ['sasl.mechanism', 'sasl.enabled.mechanisms'],
    )
  })

  it('knows a listener that demands a login, and one that knows none', async () => {
    const demanding = await examined(await start({ sasl: { users, mechanisms: ['PLAIN'] } }))
    const finding = expectWrong(demanding, 'cluster', /^the listener demands a login \(SASL\)/, [
      'security.protocol',
      'sasl.mechanism',
      'sasl.jaas.config',
    ])
    expect(finding.facts).toEqual({ offered: ['PLAIN'] })
    const open = await examined(await start(), loginOf(users.alice))
    expectWrong(open, 'sasl-mechanism', /this listener does not use SASL/, ['security.protocol'])
  })

  it('tries another version of ApiVersions if the broker drops the connection, as a producer does', async () => {
    const cluster = await start()
    cluster.dropAnswers({ api: 'ApiVersions', times: 2 })
    expect((await examined(cluster)).exitCode).toBe(0)
    const versions = cluster.requests().filter(({ api }) => api === 'ApiVersions')
    expect(versions.slice(0, 3).map(({ apiVersion }) => apiVersion)).toEqual([5, 3, 0])
  })

  it('knows a port that is not Kafka', async () => {
    const server = createServer((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n')).listen(
      0,
      '127.0.0.1',
    )
    await new Promise((resolve) => server.once('listening', resolve))
    closers.push(() => server.close())
    const { port } = server.address() as { port: number }
    const result = await examined({ bootstrapServers: `127.0.0.1:${port}` })
    expectWrong(result, 'versions', /the port speaks HTTP, not Kafka/, ['bootstrap.servers'])
  })

  it('knows a KRaft controller', async () => {
    const cluster = await start()
    cluster.limitVersions('Metadata', [1, 0])
    expectWrong(await examined(cluster), 'versions', /perhaps a KRaft controller/, ['bootstrap.servers'])
  })
})

describe('odradek doctor on the advertised addresses', () => {
  it('says which broker advertises a name that is unknown here, and what to set', async () => {
    const cluster = await start({ topics: ['orders'] })
    cluster.advertise(1, { host: 'kafka.invalid' })
    const result = await examined(cluster, {}, '--topic', 'orders')
    const [port] = cluster.bootstrapServers.split(':').slice(-1)
    expect(wrong(result).map(({ check }) => check)).toEqual(['name', 'leaders'])
    const [finding, leaders] = wrong(result)
    expect(finding?.message).toMatch(/^kafka\.invalid: /)
    expect(settingsOf(finding)).toEqual(['advertised.listeners'])
    expect(finding?.subject).toBe(`broker 1, advertised as kafka.invalid:${port}`)
    expect(finding?.fixes[0]?.lines).toEqual([`advertised.listeners=EXTERNAL://127.0.0.1:${port}`])
    expect(finding?.explanation[0]).toMatch(
      /^You reached the cluster at 127\.0\.0\.1:\d+, and it tells every client/,
    )
    // The bootstrap connection still tells of the topic.
    expect(leaders?.message).toBe('partition 0 has a leader that this client cannot use: broker 1')
    expect(found(result, 'replicas')).toMatchObject([{ verdict: 'ok' }])
  })

  it('advises a listener for clients outside of Docker if the name looks like a container', async () => {
    const cluster = await start()
    cluster.advertise(1, { host: '3f2a9c1b7d4e' })
    const result = await examined(cluster)
    const [finding] = found(result, 'name', 'broker 1')
    expect(finding).toMatchObject({ verdict: 'wrong' })
    expect(finding?.explanation[1]).toBe(
      '3f2a9c1b7d4e is the id of a container, which only containers of its network know.',
    )
    expect(finding?.fixes[1]?.lines).toContainEqual(
      expect.stringMatching(/^KAFKA_ADVERTISED_LISTENERS=INTERNAL:\/\/3f2a9c1b7d4e:29092,EXTERNAL:\/\/127/),
    )
  })

  it('says that the port differs from the one that worked', async () => {
    const cluster = await start()
    const [, used] = cluster.bootstrapServers.split(':')
    cluster.advertise(1, { port: 1 })
    const finding = expectWrong(await examined(cluster), 'tcp', /127\.0\.0\.1:1: .*ECONNREFUSED/, [
      'advertised.listeners',
    ])
    expect(finding.explanation[1]).toMatch(`must keep the number: map 1 to 1, or advertise ${used}.`)
  })

  it('puts what fails at a wrong address down to the address, and to no setting of the client', async () => {
    const cluster = await start()
    cluster.advertise(1, { host: '0.0.0.0', port: 1 })
    const found = wrong(await examined(cluster))
    expect(found.map(({ check }) => check)).toEqual(['advertised-address', 'tcp'])
    expect(found.flatMap((finding) => settingsOf(finding))).toEqual(['advertised.listeners'])
    expect(found[1]?.explanation).toContain('This follows from the address.')
  })

  it('says that 0.0.0.0 is no address', async () => {
    const cluster = await start()
    cluster.advertise(1, { host: '0.0.0.0' })
    const [finding] = wrong(await examined(cluster))
    expect(finding).toMatchObject({
      check: 'advertised-address',
      message: expect.stringMatching(/^broker 1 advertises 0\.0\.0\.0:\d+, which is no address$/),
    })
    expect(settingsOf(finding)).toEqual(['advertised.listeners'])
  })

  it('says that an empty host is no address, and asks nothing of the client', async () => {
    const cluster = await start()
    cluster.advertise(1, { host: '' })
    const result = await examined(cluster)
    expect(found(result, 'advertised-address')[0]?.message).toMatch(/^broker 1 advertises :\d+, which is no/)
    const [name] = found(result, 'name', 'broker 1')
    expect(name).toMatchObject({
      verdict: 'wrong',
      explanation: ['This follows from the address.'],
      fixes: [],
    })
    expect(name?.message).toMatch(/^an empty host: :\d+ is no address$/)
    expect(found(result, 'tcp', 'broker 1')[0]?.message).toBe('because an empty host has no address')
  })

  it('notices that another broker of the cluster answers there', async () => {
    const cluster = await start({ brokers: 2 })
    const [first, second] = cluster.bootstrapServers.split(',').map((server) => Number(server.split(':')[1]))
    cluster.advertise(1, { port: second })
    cluster.advertise(2, { port: first })
    const result = await examined(cluster)
    expect(wrong(result).map(({ message }) => message)).toEqual([
      expect.stringContaining('the broker is not node 1 of cluster'),
      expect.stringContaining('the broker is not node 2 of cluster'),
    ])
    for (const [i, finding] of wrong(result).entries()) {
      expect(finding.message).toContain('another broker answers there')
      expect(settingsOf(finding)).toEqual(['advertised.listeners'])
      expect(finding.fixes[0]?.lines).toEqual([
        expect.stringMatching(`^advertised.listeners=\\w+://<host>:<port of broker ${i + 1}>$`),
      ])
    }
  })

  it('notices that a broker of another cluster answers there', async () => {
    const [cluster, other] = [await start(), await start()]
    cluster.advertise(1, { port: Number(other.bootstrapServers.split(':')[1]) })
    other.limitVersions('ApiVersions', [0, 4])
    expectWrong(await examined(cluster), 'same-cluster', /^a broker of another cluster answers there: /, [
      'advertised.listeners',
    ])
  })

  it('says that the certificate does not have the advertised name', async () => {
    // This certificate is for 127.0.0.1, and for no other spelling of it.
    const folder = 'test/support/certificates'
    const [key, cert] = ['broker-key', 'broker'].map((name) => readFileSync(`${folder}/${name}.pem`, 'utf8'))
    const cluster = await start({ tls: { key: key ?? '', cert: cert ?? '' } })
    cluster.advertise(1, { host: '127.1' })
    const settings = { ...trusting(), 'ssl.truststore.location': `${folder}/authority.pem` }
    const finding = expectWrong(await examined(cluster, settings), 'tls', /and not for 127\.1:/, [
      'ssl.keystore.location',
      'advertised.listeners',
    ])
    expect(finding.subject).toMatch(/^broker 1, advertised as 127\.1:/)
  })
})

describe('odradek doctor on a topic', () => {
  const orders = ['--topic', 'orders']

  it('says that a missing topic is created by the first record, or that it is not', async () => {
    const created = await examined(await start(), {}, ...orders)
    expect(found(created, 'topic')).toMatchObject([
      {
        verdict: 'warning',
        message:
          'the topic does not exist; the first record creates it with 1 partition and 1 replica of each',
      },
    ])
    expect(created.exitCode).toBe(0)
    const cluster = await start({ config: { 'auto.create.topics.enable': false } })
    const result = await examined(cluster, {}, ...orders)
    expectWrong(
      result,
      'topic',
      /^the topic does not exist, and auto\.create\.topics\.enable of the brokers is false$/,
      [null, 'auto.create.topics.enable'],
    )
    expect(checksWith(result, 'skipped')).toEqual([
      'leaders',
      'replicas',
      'min-isr',
      'write-right',
      'timestamps',
    ])
  })

  it('says which partition has no leader, and which replicas lag', async () => {
    const assignments = [[1, 2], [2]]
    const cluster = await start({ brokers: 2, topics: [{ topic: 'orders', assignments }] })
    await cluster.stopBroker(2)
    const servers = { bootstrapServers: cluster.bootstrapServers.split(',')[0] as string }
    const result = await examined(servers, {}, ...orders)
    expectWrong(result, 'leaders', /^partition 1 has no leader, so records for it wait and expire$/, [null])
    expect(found(result, 'replicas')).toMatchObject([
      { verdict: 'warning', message: 'partition 0 has fewer replicas in sync than replicas' },
    ])
  })

  it('says that acks=all always fails, or fails now', async () => {
    const configs = { 'min.insync.replicas': '3' }
    const assignments = [[1, 2]]
    const cluster = await start({ brokers: 2, topics: [{ topic: 'orders', assignments, configs }] })
    const always = await examined(cluster, {}, ...orders)
    expectWrong(
      always,
      'min-isr',
      /^min\.insync\.replicas is 3, and there are 2 replicas: acks=all always fails$/,
      ['min.insync.replicas', null],
    )
    const two = await start({
      brokers: 2,
      topics: [{ topic: 'orders', assignments, configs: { 'min.insync.replicas': '2' } }],
    })
    expect(found(await examined(two, {}, ...orders), 'min-isr')).toMatchObject([
      { verdict: 'warning', message: expect.stringContaining('no broker may fail') },
    ])
    await two.stopBroker(2)
    const servers = { bootstrapServers: two.bootstrapServers.split(',')[0] as string }
    const now = await examined(servers, {}, ...orders)
    expectWrong(
      now,
      'min-isr',
      /^min\.insync\.replicas is 2, and only 1 replica is in sync: acks=all fails now$/,
      [null],
    )
  })

  it('warns that the leader alone confirms a record, which is the default of Kafka', async () => {
    const result = await examined(await start({ brokers: 3, topics: ['orders'] }), {}, ...orders)
    expect(result.exitCode).toBe(0)
    const [finding] = found(result, 'min-isr')
    expect(finding).toMatchObject({ verdict: 'warning', message: expect.stringContaining('leader alone') })
    expect(settingsOf(finding)).toEqual(['min.insync.replicas'])
    expect(found(result, 'settings')[0]?.message).not.toContain('lost')
  })

  it('says that the principal may not write', async () => {
    const cluster = await start({ topics: ['orders'] })
    cluster.intercept({ deniedOperations: (_, topic) => (topic === 'orders' ? 1 << AclOperation.WRITE : 0) })
    const finding = expectWrong(
      await examined(cluster, {}, ...orders),
      'write-right',
      /^the principal may see the topic and may not write to it$/,
      [null],
    )
    expect(finding.fixes[0]?.lines?.[0]).toContain('--operation Write --topic orders')
  })

  it('says that the principal may not see the topic, or be idempotent', async () => {
    const cluster = await start({ topics: ['orders'] })
    cluster.failRequests({ api: 'Metadata', topic: 'orders', times: 99 }, 'TOPIC_AUTHORIZATION_FAILED')
    cluster.failRequests({ api: 'InitProducerId', times: 99 }, 'CLUSTER_AUTHORIZATION_FAILED')
    const result = await examined(cluster, {}, ...orders)
    expect(wrong(result).map(({ check, message }) => [check, message])).toEqual([
      ['producer-id', 'the principal may not be an idempotent producer (CLUSTER_AUTHORIZATION_FAILED)'],
      ['topic', 'the principal may not see the topic (TOPIC_AUTHORIZATION_FAILED)'],
    ])
  })

  it('waits for a broker that has no producer ids yet', async () => {
    const cluster = await start()
    const fault = cluster.failRequests({ api: 'InitProducerId', times: 2 }, 'COORDINATOR_LOAD_IN_PROGRESS')
    expect(found(await examined(cluster), 'producer-id')).toMatchObject([{ verdict: 'ok' }])
    expect(fault.hits).toBe(2)
    cluster.failRequests({ api: 'InitProducerId', times: 99 }, 'COORDINATOR_LOAD_IN_PROGRESS')
    const result = await examined(cluster)
    expectWrong(
      result,
      'producer-id',
      /^the broker gives no producer id \(COORDINATOR_LOAD_IN_PROGRESS\)$/,
      [],
    )
  })

  it('says what is not checked, and which right would help', async () => {
    const cluster = await start({ topics: ['orders'] })
    cluster.failRequests({ api: 'DescribeConfigs', times: 99 }, 'TOPIC_AUTHORIZATION_FAILED')
    const result = await examined(cluster, {}, ...orders)
    expect(checksWith(result, 'unknown')).toEqual(['min-isr', 'record-size', 'timestamps', 'clock'])
    expect(found(result, 'min-isr')[0]?.fixes[0]?.lines?.[0]).toContain(
      '--operation DescribeConfigs --topic orders',
    )
    expect(result.exitCode).toBe(0)
  })

  it('compares the sizes of both sides', async () => {
    const configs = { 'max.message.bytes': '10000' }
    const cluster = await start({ topics: [{ topic: 'orders', configs }, 'plain'] })
    const small = await examined(cluster, {}, ...orders)
    expectWrong(small, 'record-size', /^max\.message\.bytes is 10000, and batches have up to 16384 bytes/, [
      'max.message.bytes',
      'batch.size',
    ])
    const plain = await examined(cluster, { 'max.request.size': '5000000' }, '--topic', 'plain')
    expectWrong(
      plain,
      'record-size',
      /^max\.message\.bytes is 1048588, and the client takes records of up to 5000000/,
      ['max.message.bytes', 'max.request.size'],
    )
    const narrow = await examined(await start({ config: { 'message.max.bytes': 20_000 } }))
    expect(found(narrow, 'record-size')).toMatchObject([
      { verdict: 'warning', message: expect.stringMatching(/^message\.max\.bytes is 20000, and/) },
    ])
    const requests = await start({ config: { 'socket.request.max.bytes': 100_000 } })
    expectWrong(
      await examined(requests),
      'record-size',
      /a broker closes the connection at a request above 100000 bytes$/,
      ['max.request.size', 'socket.request.max.bytes'],
    )
  })

  it('warns of narrow limits of timestamps', async () => {
    const configs = { 'message.timestamp.before.max.ms': '5000' }
    const cluster = await start({ topics: [{ topic: 'orders', configs }] })
    const [finding] = found(await examined(cluster, {}, ...orders), 'timestamps')
    expect(finding).toMatchObject({ verdict: 'warning', facts: { beforeMaxMs: 5_000 } })
    expect(settingsOf(finding)).toEqual(['message.timestamp.before.max.ms'])
  })
})

describe('odradek doctor', () => {
  it('warns of settings of the client that give up its promises', async () => {
    const result = await examined(await start(), { acks: '1' })
    expect(found(result, 'settings').map(({ verdict, message }) => [verdict, message])).toEqual([
      ['warning', 'acks=1: a record is lost if its leader fails before another broker has it'],
      ['warning', 'enable.idempotence=false: a retry can write a record twice, or behind a later one'],
    ])
    expect(found(result, 'producer-id')).toMatchObject([{ verdict: 'unknown' }])
    expect(result.exitCode).toBe(0)
  })

  it('makes findings of the warnings of the client', async () => {
    const cluster = await start({ sasl: { users } })
    const result = await examined(cluster, loginOf(users.alice))
    expect(found(result, 'settings')).toMatchObject([
      { verdict: 'warning', message: expect.stringContaining('sends the password unencrypted') },
    ])
    expect(result.exitCode).toBe(0)
  })

  it('stops at Ctrl-C, and has shown what it had found', async () => {
    const server = createServer().listen(0, '127.0.0.1')
    await new Promise((resolve) => server.once('listening', resolve))
    closers.push(() => server.close())
    const { port } = server.address() as { port: number }
    const { terminal, result } = startCommand('doctor', '-b', `127.0.0.1:${port}`, '--timeout', '3600')
    await new Promise((resolve) => server.once('connection', resolve))
    terminal.interrupt('SIGINT')
    const { exitCode, stdout, stderr } = await result
    expect(exitCode).toBe(130)
    expect(stdout).toContain('  ok     settings ')
    expect(stderr).toBe('odradek: interrupted before everything was looked at\n')
  })

  it('has colours on a terminal only', async () => {
    const cluster = await start()
    const { stdout } = await startCommandOn({ columns: 100 }, 'doctor', '-b', cluster.bootstrapServers).result
    expect(stdout).toContain('  \x1b[32mok   \x1b[0m  TCP ')
  })

  it.each([
    [[], 'bootstrap-server is missing'],
    [['-b', 'localhost'], 'bootstrap.servers has the entry'],
    [['-b', 'localhost:1', '--topic', 'no/such/name'], 'no/such/name'],
    [['-b', 'localhost:1', '--timeout', 'soon'], 'It must be a whole number from 1'],
    [['--no-such-option'], 'unknown option'],
    [['-b', 'localhost:1', ...properties({ ...trusting('no-such-file.pem') })], 'no-such-file.pem'],
  ])('ends with 2 for %j', async (args, message) => {
    const { exitCode, stdout, stderr } = await runCommandWith('', 'doctor', ...args)
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' })
    expect(stderr).toContain(message)
  })
})
