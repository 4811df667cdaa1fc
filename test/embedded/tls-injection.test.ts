import { connect, createServer, type Socket } from 'node:net'
import { afterEach, expect, it } from 'vitest'
import { Producer } from '../../src/index.js'
import { EmbeddedCluster } from '../../src/testing/index.js'
import { certificateText } from '../support/certificates/certificates.js'
import { turns } from '../support/turns.js'

const closers: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close()
})

/**
 * Somebody on the way who sends these bytes ahead of the broker's. Resolves with the address.
 *
 * @param sent called when the system has the bytes for a connection
 */
async function injecting(bytes: Uint8Array, brokerPort: number, sent: () => void): Promise<string> {
  const sockets: Socket[] = []
  const server = createServer((client) => {
    client.write(bytes, sent)
    const broker = connect(brokerPort, '127.0.0.1')
    for (const socket of [client, broker]) sockets.push(socket.on('error', () => {}))
    client.pipe(broker).pipe(client)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  closers.push(async () => {
    for (const socket of sockets) socket.destroy()
    await new Promise((resolve) => server.close(resolve))
  })
  const address = server.address()
  return `127.0.0.1:${address !== null && typeof address === 'object' ? address.port : 0}`
}

it.each([
  ['the size of a response', [0, 0, 2, 0]],
  ['a part of a size', [0]],
  ['a response without its end', [0, 0, 0, 9, 0, 0, 0, 0, 0]],
])('%s that somebody puts before the TLS handshake is not read as the broker speaking', async (_, bytes) => {
  const [key, cert] = [certificateText('broker.key'), certificateText('broker.pem')]
  const cluster = await EmbeddedCluster.start({ tls: { key, cert } })
  closers.push(() => cluster.close())
  const port = Number(cluster.bootstrapServers.split(':').at(-1))
  let sent: () => void = () => {}
  const someSent = new Promise<void>((resolve) => {
    sent = resolve
  })
  const producer = new Producer({
    bootstrapServers: await injecting(Uint8Array.from(bytes), port, () => sent()),
    securityProtocol: 'SSL',
    // A function that takes its time, as one that reads a file or asks a vault does.
    tls: async () => {
      await someSent
      await turns()
      return { ca: certificateText('root.pem') }
    },
    logger: false,
    reconnectBackoffMs: 10,
    maxBlockMs: 1_000,
  })
  closers.push(() => producer.close({ timeoutMs: 0 }))
  const error = await producer.send({ topic: 't', value: 'v' }).catch((failure) => failure)
  expect(error.message).toContain('TLS: ')
  expect(error.message).toContain('the other side sent bytes before the TLS handshake')
  // Nothing was said to the broker behind those bytes.
  expect(cluster.requests()).toEqual([])
})
