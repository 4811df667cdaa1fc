import { afterEach, expect, test, vi } from 'vitest'
import { Producer } from '../../src/index.js'
import { EmbeddedCluster } from '../../src/testing/index.js'

afterEach(() => {
  vi.restoreAllMocks()
})

/** An address at which nobody listens. */
const nowhere = { host: '127.0.0.1', port: 1 }

/** The first line that is written to stderr from now on, which is not shown. */
function firstLine(): Promise<string> {
  return new Promise((resolve) => {
    vi.spyOn(process.stderr, 'write').mockImplementation((line) => {
      resolve(String(line))
      return true
    })
  })
}

test('a wrong port is on stderr while the program still waits', async () => {
  const line = firstLine()
  await using producer = new Producer({ bootstrapServers: '127.0.0.1:1' })
  const refused = expect(producer.connect()).rejects.toMatchObject({ code: 'PRODUCER_CLOSED' })
  expect(await line).toMatch(
    /^odradek warning: cannot connect to broker 127.0.0.1:1 \(bootstrap\): .*; trying again\n$/,
  )
  await producer.close({ timeoutMs: 0 })
  await refused
})

test('so is a broker that is advertised where nobody can reach it', async () => {
  await using cluster = await EmbeddedCluster.start({ topics: [{ topic: 't' }] })
  cluster.advertise(1, nowhere)
  const line = firstLine()
  await using producer = new Producer({ bootstrapServers: cluster.bootstrapServers })
  const refused = expect(producer.send({ topic: 't', value: 'x' })).rejects.toMatchObject({
    code: 'PRODUCER_CLOSED',
  })
  expect(await line).toMatch(
    /^odradek warning: cannot connect to broker 127.0.0.1:1 \(node 1\): .*advertised/,
  )
  await producer.close({ timeoutMs: 0 })
  await refused
})

test('a record that nobody asks about warns the process, however silent the logger', async () => {
  await using cluster = await EmbeddedCluster.start({ topics: [{ topic: 't' }] })
  const warned = new Promise<unknown[]>((resolve) => {
    vi.spyOn(process, 'emitWarning').mockImplementation((...args) => resolve(args))
  })
  await using producer = new Producer({ bootstrapServers: cluster.bootstrapServers, logger: false })
  for (let i = 0; i < 3; i++) producer.produce({ topic: 't', value: 'x'.repeat(2_000_000) })
  expect(await warned).toEqual([
    expect.stringMatching(
      /^3 records sent by produce\(\) failed with RECORD_TOO_LARGE, and nobody listens to 'deliveryError'. The first: /,
    ),
    'KafkaWarning',
  ])
})
