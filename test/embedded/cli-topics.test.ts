import { afterAll, beforeAll, expect, it } from 'vitest'
import { EmbeddedCluster } from '../../src/testing/index.js'
import { runCommandWith } from '../support/command-line.js'

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

it.each([
  [['--describe', '--topic', 'missing'], "Topic 'missing' does not exist as expected"],
  [['--delete', '--topic', 'missing'], "Topic 'missing' does not exist as expected"],
  [['--alter', '--topic', 'missing', '--partitions', '2'], "Topic 'missing' does not exist as expected"],
  [['--alter', '--topic', 'missing'], '--alter needs --partitions'],
  [['--delete'], '--delete needs --topic'],
  [['--create', '--topic', 'a', '--if-exists'], '--if-exists has no meaning with --create'],
  [['--create', '--topic', 'a', '--config', 'x'], "'x' is no setting: write key=value"],
  [['--create', '--topic', 'a', '--replica-assignment', '1-2'], "--replica-assignment has '1-2'"],
  [['--create', '--topic', 'a', '--replication-factor', '3'], 'INVALID_REPLICATION_FACTOR'],
  [['--list', '--create', '--topic', 'a'], 'name exactly one of'],
  [[], 'name exactly one of'],
])('%j fails with one line', async (args, message) => {
  const { exitCode, stdout, stderr } = await topics(...args)
  expect(stderr).toMatch(/^odradek: [^\n]*\n$/)
  expect(stderr).toContain(message)
  expect([exitCode, stdout]).toEqual([1, ''])
})

it.each([['--describe'], ['--delete']])(
  '%s of a topic that is not there is no error with --if-exists',
  async (action) => {
    expect(await topics(action, '--topic', 'missing', '--if-exists')).toEqual({
      exitCode: 0,
      stdout: '',
      stderr: '',
    })
  },
)

it('needs to know the brokers, from an option or from the settings', async () => {
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
