import { once } from 'node:events'
import { createServer as createHttpServer } from 'node:http'
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net'
import { createServer as createTlsServer } from 'node:tls'
import { describe, expect, test } from 'vitest'
import { TimeoutError } from '../../src/index.js'
import { describeWithOwnKafka } from '../support/kafka/describe-kafka.js'
import { pickPorts } from '../support/kafka/ports.js'
import { withProducer } from '../support/kafka/with-producer.js'

describe('addresses that are no broker', () => {
  test('nobody listens: the error names every address and what it answered', async () => {
    const ports = await pickPorts(3)
    const bootstrapServers = ports.map((port) => `127.0.0.1:${port}`)
    const { sent, connected } = await failures(bootstrapServers)
    for (const error of [sent, connected]) {
      expect(error).toBeInstanceOf(TimeoutError)
      expect(error).toMatchObject({ phase: 'metadata', possiblyPersisted: false })
      for (const address of bootstrapServers) expect(error.message).toContain(address)
      expect(error.message.match(/ECONNREFUSED/g)?.length).toBe(3)
      expect(error.message).toContain('max.block.ms=1200')
    }
  })

  test('a port that speaks HTTP', async () => {
    const server = createHttpServer((_, response) => response.end())
    await expectReason(server, /HTTP/)
  })

  test('a port that speaks TLS', async () => {
    await expectReason(createTlsServer(), /TLS/)
  })

  test('a port that says nothing', async () => {
    await expectReason(
      createServer(() => undefined),
      /did not answer the ApiVersions request within \d+ ms/,
    )
  })

  test('a port that hangs up', async () => {
    await expectReason(
      createServer((socket) => socket.destroySoon()),
      /closed the connection/,
    )
  })
})

// Port 1 is nobody's; the listener itself works.
const config = { 'advertised.listeners': 'PLAINTEXT://127.0.0.1:1' }

await describeWithOwnKafka(
  'a broker that advertises an address where it is not',
  { brokers: 1, config },
  (kafka) => {
    test('the error names that address and the setting of the broker', async () => {
      // Metadata come by way of the address that was given, so that the record is in a batch when it turns
      // out.
      const times = { requestTimeoutMs: 500, deliveryTimeoutMs: 2_000 }
      const { bootstrapServers } = kafka()
      const sent = await withProducer({ bootstrapServers, ...times }, (producer) =>
        failure(producer.send({ topic: 'unreachable', value: 'x' })),
      )
      expect(sent).toBeInstanceOf(TimeoutError)
      expect(sent.message).toMatch(/127\.0\.0\.1:1\b.*ECONNREFUSED.*advertised\.listeners/)
    })
  },
)

async function expectReason(server: Server, reason: RegExp): Promise<void> {
  const sockets = new Set<Socket>()
  server.on('connection', (socket: Socket) => {
    sockets.add(socket)
    socket.on('error', () => undefined)
  })
  server.on('tlsClientError', () => undefined)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = `127.0.0.1:${(server.address() as AddressInfo).port}`
  try {
    const { sent, connected } = await failures([address])
    for (const error of [sent, connected]) {
      expect(error).toBeInstanceOf(TimeoutError)
      expect(error.message).toContain(address)
      expect(error.message).toMatch(reason)
    }
  } finally {
    server.close()
    for (const socket of sockets) socket.destroy()
  }
}

/** What a send and a connect end with. */
function failures(bootstrapServers: readonly string[]): Promise<{ sent: Error; connected: Error }> {
  return withProducer({ bootstrapServers, maxBlockMs: 1_200, requestTimeoutMs: 500 }, async (producer) => {
    const [sent, connected] = await Promise.all([
      failure(producer.send({ topic: 'unreachable', value: 'x' })),
      failure(producer.connect()),
    ])
    return { sent, connected }
  })
}

function failure(promise: Promise<unknown>): Promise<Error> {
  return promise.then(
    () => {
      throw new Error('there is a broker')
    },
    (error: Error) => error,
  )
}
