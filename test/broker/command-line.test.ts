import { expect, it } from 'vitest'
import { runCommandWith } from '../support/command-line.js'
import { describeWithKafka } from '../support/kafka/describe-kafka.js'
import { defaultKafkaVersion } from '../support/kafka/distribution.js'
import { isAtLeast, readRecords, runKafkaTool } from '../support/kafka/tools.js'
import { uniqueTopic } from '../support/kafka/with-producer.js'

describeWithKafka('the command line', (kafka) => {
  const where = () => ['--bootstrap-server', kafka.bootstrapServers.join(',')]
  const topics = (...args: string[]) => runCommandWith('', 'topics', ...where(), ...args)

  async function kafkaTopics(...args: string[]): Promise<string> {
    const { stdout } = await runKafkaTool(
      (version) =>
        isAtLeast(version, '3.7') ? 'org.apache.kafka.tools.TopicCommand' : 'kafka.admin.TopicCommand',
      [...where(), ...args],
    )
    return stdout.toString()
  }

  const atMost = { timeout: 30_000 }

  /** What our client does not ask brokers for is left out of the comparison (KIP-966). */
  const comparable = (output: string) =>
    output
      .replaceAll(/\tElr: [^\t\n]*\tLastKnownElr: [^\t\n]*/g, '')
      .replaceAll(/(?<=Configs: )\S*/g, (configs) => configs.split(',').sort().join())

  it('describes and lists topics as kafka-topics does', async () => {
    const topic = uniqueTopic('described')
    const create = ['--create', '--topic', topic, '--partitions', '3', '--config', 'cleanup.policy=compact']
    const created = await topics(...create, '--config', 'retention.ms=5')
    expect(created).toMatchObject({ exitCode: 0, stderr: '', stdout: `Created topic ${topic}.\n` })
    // A node may hear of a change a moment later than the one that made it.
    const theirs = () => kafkaTopics('--describe', '--topic', topic)
    await expect.poll(theirs, atMost).toContain('cleanup.policy=compact')
    const described = comparable(await theirs())
    expect(described).toContain('cleanup.policy=compact')
    const ours = async (action: string) => (await topics(action, '--topic', topic)).stdout
    await expect.poll(async () => comparable(await ours('--describe')), atMost).toBe(described)
    await expect.poll(() => ours('--list'), atMost).toBe(await kafkaTopics('--list', '--topic', topic))
    expect(await topics('--alter', '--topic', topic, '--partitions', '4')).toMatchObject({ exitCode: 0 })
    await expect.poll(theirs, atMost).toContain('PartitionCount: 4\t')
    expect((await topics(...create)).stderr).toMatch(/^odradek: [^\n]*TOPIC_ALREADY_EXISTS[^\n]*\n$/)
    expect(await topics('--delete', '--topic', topic)).toMatchObject({ exitCode: 0 })
    await expect.poll(() => kafkaTopics('--list'), atMost).not.toContain(topic)
  })

  it.each([
    ['produce', 'ConsoleProducer'],
    ['topics', 'TopicCommand'],
  ])("%s takes every option of Kafka's %s", async (command, tool) => {
    const { stdout, stderr } = await runKafkaTool(`org.apache.kafka.tools.${tool}`, ['--help'], {
      version: defaultKafkaVersion,
      acceptExitCodes: [0, 1],
    })
    const options = [...`${stdout}${stderr}`.matchAll(/^--\w[\w.-]*/gm)].map(([option]) => option)
    expect(options).toContain('--bootstrap-server')
    const unknown: string[] = []
    for (const option of [...options, '--no-such-option']) {
      const said = await runCommandWith('', command, '--topic', 'a', option, '1')
      if (said.stderr.includes('unknown option')) unknown.push(option)
    }
    expect(unknown).toEqual(['--no-such-option'])
  })

  it('sends lines that Java reads', async () => {
    const topic = uniqueTopic('lines')
    await topics('--create', '--topic', topic, '--partitions', '1')
    const properties = ['--property', 'parse.key=true', '--property', 'null.marker=NULL']
    const { exitCode } = await runCommandWith(
      'k\tv\r\nNULL\té\nk\tNULL',
      'produce',
      ...where(),
      '--topic',
      topic,
      ...properties,
    )
    expect(exitCode).toBe(0)
    const records = await readRecords(kafka.bootstrapServers, { topic })
    expect(records.map(({ key, value }) => [key?.toString() ?? null, value?.toString() ?? null])).toEqual([
      ['k', 'v\r'],
      [null, 'é'],
      ['k', null],
    ])
  })

  it('demonstrates that nothing is lost, and cleans up', async () => {
    const { exitCode, stdout, stderr } = await runCommandWith('', 'demo', ...where(), '--records', '100000')
    expect(stdout).toMatch(
      /^sent +100,000\nacknowledged +100,000\nfailed +0\nlost +0\nduplicated +0\nout of order +0\n$/,
    )
    expect(exitCode).toBe(0)
    const topic = /odradek-demo-[\w-]+/.exec(stderr)?.[0] ?? 'none was named'
    expect(stderr).toContain(`to ${topic}, 6 partitions`)
    // Another node may hear of the deletion a moment later.
    await expect.poll(async () => (await topics('--list', '--topic', topic)).stdout, atMost).toBe('')
  })
})
