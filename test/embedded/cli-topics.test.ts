import { afterAll, beforeAll, expect, it } from 'vitest'
import { type ApiName, EmbeddedCluster } from '../../src/testing/index.js'
import { runCommandWith, startCommand } from '../support/command-line.js'

let cluster: EmbeddedCluster

beforeAll(async () => {
  cluster = await EmbeddedCluster.start({ brokers: 2 })
})

afterAll(() => cluster.close())

const topics = (...args: string[]) =>
  runCommandWith('', 'topics', '--bootstrap-server', cluster.bootstrapServers, ...args)

it('creates, describes, lists, extends and deletes as kafka-topics does', async () => {
  const create = ['--create', '--topic', 'orders', '--partitions', '2', '--replication-factor', '1']
  expect(await topics(...create, '--config', 'cleanup.policy=compact')).toEqual({
    exitCode: 0,
    stdout: 'Created topic orders.\n',
    stderr: '',
  })
  expect((await topics(...create)).stderr).toMatch(/^odradek: .*TOPIC_ALREADY_EXISTS.*\n$/)
  expect(await topics(...create, '--if-not-exists')).toEqual({ exitCode: 0, stdout: '', stderr: '' })
  const placed = ['--create', '--topic', 'placed', '--replica-assignment', '2:1,1:2']
  expect(await topics(...placed)).toMatchObject({ exitCode: 0 })

  const described = await topics('--describe', '--topic', 'orders')
  expect(described.stdout).toMatch(
    /^Topic: orders\tTopicId: [\w-]{22}\tPartitionCount: 2\tReplicationFactor: 1\tConfigs: cleanup\.policy=compact\n/,
  )
  expect(described.stdout).toContain(
    '\n\tTopic: orders\tPartition: 1\tLeader: 2\tReplicas: 2\tIsr: 2\tElr: N/A\tLastKnownElr: N/A\n',
  )
  expect((await topics('--describe', '--topics-with-overrides')).stdout.split('\n')).toHaveLength(2)
  expect((await topics('--list')).stdout).toBe('orders\nplaced\n')
  expect((await topics('--list', '--topic', 'o.*')).stdout).toBe('orders\n')

  expect(await topics('--alter', '--topic', 'orders', '--partitions', '5')).toMatchObject({
    exitCode: 0,
    stdout: '',
  })
  expect((await topics('--describe', '--topic', 'orders')).stdout).toContain('PartitionCount: 5\t')
  expect(await topics('--delete', '--topic', 'orders,placed')).toMatchObject({ exitCode: 0, stdout: '' })
  expect((await topics('--list')).stdout).toBe('')
})

it('takes a name as that name alone, never as a pattern', async () => {
  const names = ['a-b', 'a.b', 'aXb']
  for (const name of names) cluster.createTopic({ topic: name, numPartitions: 1 })
  expect(await topics('--delete', '--topic', 'a.b')).toMatchObject({ exitCode: 0 })
  const again = await topics('--delete', '--topic', 'a.b')
  expect(again).toMatchObject({ exitCode: 1, stderr: "odradek: Topic 'a.b' does not exist as expected\n" })
  expect(await topics('--alter', '--topic', 'a.b', '--partitions', '2')).toMatchObject({ exitCode: 1 })
  expect(await topics('--describe', '--topic', 'a.b')).toMatchObject({ exitCode: 1, stdout: '' })
  expect((await topics('--list', '--topic', 'a.b')).stdout).toBe('')
  expect((await topics('--list')).stdout).toBe('a-b\naXb\n')
  expect((await topics('--describe', '--topic', 'a-b')).stdout).toContain('PartitionCount: 1\t')

  expect(await topics('--delete', '--topic', 'a.*')).toMatchObject({
    exitCode: 1,
    stderr:
      "odradek: --delete takes names, and 'a.*' is not a name: use --topic-pattern for a regular expression\n",
  })
  const both = ['--topic-pattern', 'a.b']
  expect(await topics('--alter', ...both, '--partitions', '2')).toMatchObject({ exitCode: 0 })
  expect((await topics('--describe', ...both)).stdout.match(/PartitionCount: 2/g)).toHaveLength(2)
  expect(await topics('--delete', ...both)).toMatchObject({ exitCode: 0 })
  expect((await topics('--list')).stdout).toBe('')
})

it('performs an action on the existing topics, and then names the missing ones', async () => {
  cluster.createTopic({ topic: 'here', numPartitions: 1 })
  const some = ['--topic', 'here,gone,away']
  const described = await topics('--describe', ...some)
  expect(described.stdout).toContain('Topic: here\t')
  expect(described).toMatchObject({
    exitCode: 1,
    stderr: "odradek: Topics 'gone', 'away' do not exist as expected\n",
  })
  expect(await topics('--describe', ...some, '--if-exists')).toMatchObject({ exitCode: 0, stderr: '' })
  expect((await topics('--list', ...some)).stdout).toBe('here\n')
  expect(await topics('--delete', ...some)).toMatchObject({ exitCode: 1 })
  expect((await topics('--list')).stdout).toBe('')
})

it('asks about no other topic if names are given', async () => {
  for (let i = 0; i < 20; i++) cluster.createTopic({ topic: `many-${i}`, numPartitions: 1 })
  const asked = new Set<string>()
  const remove = cluster.intercept({
    beforeHandling: ({ api, parts }) => {
      if (api === 'Metadata') for (const { topic } of parts) asked.add(topic)
      return undefined
    },
  })
  expect((await topics('--describe', '--topic', 'many-1')).stdout).toContain('Topic: many-1\t')
  expect((await topics('--list', '--topic', 'many-2')).stdout).toBe('many-2\n')
  expect(await topics('--alter', '--topic', 'many-3', '--partitions', '2')).toMatchObject({ exitCode: 0 })
  expect(await topics('--delete', '--topic', 'many-4')).toMatchObject({ exitCode: 0 })
  expect([...asked]).toEqual(['many-1', 'many-2'])
  remove()
  expect(await topics('--delete', '--topic-pattern', 'many-.*')).toMatchObject({ exitCode: 0 })
})

it('describes a topic by its id', async () => {
  cluster.createTopic({ topic: 'known', numPartitions: 1 })
  const [, id = ''] = /TopicId: ([\w-]+)/.exec((await topics('--describe', '--topic', 'known')).stdout) ?? []
  expect((await topics('--describe', '--topic-id', id)).stdout).toContain('Topic: known\t')
  expect(await topics('--delete', '--topic', 'known')).toMatchObject({ exitCode: 0 })
})

it.each([
  [['--describe', '--topic', 'missing'], "Topic 'missing' does not exist as expected"],
  [['--delete', '--topic', 'missing'], "Topic 'missing' does not exist as expected"],
  [['--alter', '--topic', 'missing', '--partitions', '2'], "Topic 'missing' does not exist as expected"],
  [['--alter', '--topic', 'missing'], '--alter needs --partitions'],
  [['--delete'], '--delete needs --topic or --topic-pattern'],
  [['--create', '--topic', 'a', '--if-exists'], '--if-exists has no meaning with --create'],
  [['--create', '--topic', 'a', '--config', 'x'], "'x' is not a setting: write key=value"],
  [['--create', '--topic', 'a', '--replica-assignment', '1-2'], "--replica-assignment has '1-2'"],
  [['--create', '--topic', 'a', '--replication-factor', '3'], 'INVALID_REPLICATION_FACTOR'],
  [['--create', '--topic', 'a', '--config', '__proto__=x'], '__proto__'],
  [['--create', '--topic-pattern', 'a'], '--create needs --topic'],
  [['--describe', '--unavailable-partitions', '--topics-with-overrides'], 'name at most one of'],
  [['--alter', '--topic', 'a', '--delete-config', 'x'], '--delete-config was removed in Kafka 4.0'],
  [['--list', '--create', '--topic', 'a'], 'name exactly one of'],
  [[], 'name exactly one of'],
])('%j fails with one line', async (args, message) => {
  const { exitCode, stdout, stderr } = await topics(...args)
  expect(stderr).toMatch(/^odradek: [^\n]*\n$/)
  expect(stderr).toContain(message)
  expect([exitCode, stdout]).toEqual([1, ''])
})

it.each([['--describe'], ['--delete']])(
  '%s of a missing topic is no error with --if-exists',
  async (action) => {
    expect(await topics(action, '--topic', 'missing', '--if-exists')).toEqual({
      exitCode: 0,
      stdout: '',
      stderr: '',
    })
  },
)

it.each<[string[], ApiName, string]>([
  [['--list'], 'Metadata', 'interrupted before the brokers answered'],
  [
    ['--delete', '--topic', 'a'],
    'DeleteTopics',
    'interrupted before the brokers answered; the change may have been made',
  ],
])('%j says when it was interrupted', async (args, api, message) => {
  const fault = cluster.ignoreRequests({ api, times: 1000 })
  const where = ['--bootstrap-server', cluster.bootstrapServers]
  const before = cluster.requests().length
  const { terminal, result } = startCommand('topics', ...where, ...args)
  const isAsked = () =>
    cluster
      .requests()
      .slice(before)
      .some((request) => request.api === api)
  await expect.poll(isAsked).toBe(true)
  terminal.interrupt('SIGHUP')
  expect(await result).toEqual({ exitCode: 129, stdout: '', stderr: `odradek: ${message}\n` })
  fault.remove()
})

it('needs bootstrap servers, from an option or from the settings', async () => {
  expect(await runCommandWith('', 'topics', '--list')).toMatchObject({
    exitCode: 1,
    stderr: 'odradek: --bootstrap-server is missing: name at least one broker as host:port\n',
  })
  const property = `bootstrap.servers=${cluster.bootstrapServers}`
  expect(await runCommandWith('', 'topics', '--list', '--command-property', property)).toMatchObject({
    exitCode: 0,
  })
})

it.each([
  [['--help']],
  [['topics', '--help']],
  [['produce', '--help']],
  [['broker', '--help']],
  [['demo', '--help']],
])('%j prints help to stdout', async (args) => {
  const { exitCode, stdout, stderr } = await runCommandWith('', ...args)
  expect(stdout).toMatch(/^Usage: odradek/)
  expect([exitCode, stderr]).toEqual([0, ''])
})

it.each([
  [['--version']],
  [['topics', '--version']],
  [['produce', '--version']],
  [['broker', '-V']],
  [['demo', '-V']],
])('%j prints the version to stdout', async (args) => {
  const { exitCode, stdout } = await runCommandWith('', ...args)
  expect(stdout).toMatch(/^\d+\.\d+\.\d+\n$/)
  expect(exitCode).toBe(0)
})
