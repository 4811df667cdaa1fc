import { type AddressInfo, createServer, type Server, type Socket } from 'node:net'
import { afterEach, expect, it } from 'vitest'
import { nodeEnvironment } from '../../../src/environment/node-environment.js'
import type { KafkaError } from '../../../src/errors.js'
import { Cluster } from '../../../src/network/cluster.js'
import type { ClusterListener } from '../../../src/network/cluster-listener.js'
import type { NetworkOptions } from '../../../src/network/network-options.js'
import { ApiVersions } from '../../../src/protocol/api-versions.js'
import { ErrorCode } from '../../../src/protocol/error-codes.js'
import { decodeRequestHeader, encodeResponse } from '../../../src/protocol/frame.js'
import { InitProducerId } from '../../../src/protocol/init-producer-id.js'
import { Metadata } from '../../../src/protocol/metadata.js'
import { metadataResponse, metadataTopic } from '../../support/fake-broker.js'
import { defaultNetworkOptions } from '../../support/network-options.js'

const apis = [ApiVersions, Metadata, InitProducerId]
const flexibleFrom = (key: number) => apis.find((api) => api.key === key)?.flexibleFrom
let disconnected: (error: KafkaError | null) => void = () => {}

const listener: ClusterListener = {
  metadataUpdated: () => {},
  nodeReady: () => {},
  nodeDisconnected: (_, error) => disconnected(error),
  refused: () => {},
  nodeAvailable: () => {},
  nodeThrottled: () => {},
  isTopicInUse: () => false,
  topicExpired: () => {},
  clusterReplaced: () => {},
}

let server: Server | undefined
let cluster: Cluster | undefined

afterEach(async () => {
  cluster?.close()
  const closing = server
  // The server ends only when every socket has ended, so none may be left behind.
  if (closing !== undefined) await new Promise((resolve) => closing.close(resolve))
})

/** Serves `handle` on a real port, and makes a client of it. */
async function serve(handle: (socket: Socket, port: number) => void): Promise<Cluster> {
  const listening = createServer((socket) => {
    socket.on('error', () => {})
    handle(socket, (listening.address() as AddressInfo).port)
  })
  await new Promise<void>((resolve) => listening.listen(0, '127.0.0.1', resolve))
  server = listening
  const options: NetworkOptions = {
    ...defaultNetworkOptions,
    bootstrapServers: [{ host: '127.0.0.1', port: (listening.address() as AddressInfo).port }],
  }
  cluster = new Cluster(options, nodeEnvironment, listener)
  return cluster
}

/** Answers like a broker with node id 1, in pieces of `pieceBytes`. */
function broker(pieceBytes: number) {
  return (socket: Socket, port: number): void => {
    let received: Buffer = Buffer.alloc(0)
    socket.setNoDelay(true)
    socket.on('data', (chunk: Buffer) => {
      received = Buffer.concat([received, chunk])
      while (received.length >= 4 && received.length >= 4 + received.readInt32BE(0)) {
        const end = 4 + received.readInt32BE(0)
        const answer = answerTo(received.subarray(4, end), port)
        received = received.subarray(end)
        for (let at = 0; at < answer.length; at += pieceBytes)
          socket.write(answer.subarray(at, at + pieceBytes))
      }
    })
  }
}

function answerTo(frame: Buffer, port: number): Buffer {
  const { header } = decodeRequestHeader(frame, flexibleFrom)
  const { apiKey, apiVersion, correlationId } = header
  if (apiKey === ApiVersions.key)
    return Buffer.concat(
      encodeResponse(ApiVersions, apiVersion, correlationId, {
        errorCode: ErrorCode.NONE,
        apiKeys: apis.map(({ key, versions }) => ({
          apiKey: key,
          minVersion: versions[0],
          maxVersion: versions[1],
        })),
        throttleTimeMs: 0,
        supportedFeatures: [],
        finalizedFeaturesEpoch: -1n,
        finalizedFeatures: [],
        zkMigrationReady: false,
      }),
    )
  if (apiKey === Metadata.key)
    return Buffer.concat(
      encodeResponse(
        Metadata,
        apiVersion,
        correlationId,
        metadataResponse(
          [{ nodeId: 1, host: '127.0.0.1', port }],
          [metadataTopic('orders', 'AAAAAAAAAAAAAAAAAAAAAQ', [1])],
        ),
      ),
    )
  return Buffer.concat(
    encodeResponse(InitProducerId, apiVersion, correlationId, {
      throttleTimeMs: 0,
      errorCode: ErrorCode.NONE,
      producerId: BigInt(correlationId),
      producerEpoch: 0,
    }),
  )
}

const soon = () => nodeEnvironment.clock.now() + 10_000
const message = { transactionalId: null, transactionTimeoutMs: 1, producerId: -1n, producerEpoch: -1 }

it.each([1, 7, 100_000])(
  'works over real sockets, with responses in pieces of %i bytes',
  async (pieceBytes) => {
    const client = await serve(broker(pieceBytes))
    const topic = await client.waitForTopic('orders', soon())
    expect(topic.partitions[0]?.leaderId).toBe(1)
    const node = await client.ready(soon())
    expect(node.nodeId).toBe(1)
    const answers = await Promise.all(Array.from({ length: 20 }, () => node.request(InitProducerId, message)))
    const ids = answers.map(({ response }) => response.producerId)
    expect(ids).toEqual([...ids].sort((a, b) => Number(a - b)))
    expect(new Set(ids).size).toBe(20)
  },
)

it('reports over real sockets that a port speaks HTTP', async () => {
  const client = await serve((socket) => {
    socket.on('data', () => socket.end('HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n'))
  })
  const error = new Promise<KafkaError | null>((resolve) => {
    disconnected = resolve
  })
  client.ready(soon()).catch(() => {})
  expect((await error)?.message).toMatch(
    'the port speaks HTTP, not Kafka: it answered "HTTP/1.1 400 Bad Request"',
  )
})

it('rejects the requests in flight over real sockets when the broker goes away', async () => {
  const serveBroker = broker(100_000)
  const sockets: Socket[] = []
  const client = await serve((socket, port) => {
    sockets.push(socket)
    serveBroker(socket, port)
  })
  const node = await client.ready(soon())
  const lost = node.request(InitProducerId, message)
  for (const socket of sockets) socket.destroy()
  await expect(lost).rejects.toMatchObject({ code: 'NETWORK', possiblyPersisted: true })
})
