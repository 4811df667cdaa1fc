import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { BrokerProxy } from '../chaos/proxy/broker-proxy.js'
import type { ProxyFaults, RequestFault, ResponseFault } from '../chaos/proxy/proxy-faults.js'

const produceKey = 0
const metadataKey = 3

/** A frame of a request with this key, or of a response; its body is a row of different bytes. */
function frame(correlationId: number, length: number, apiKey?: number): Buffer {
  const bytes = Buffer.from(Array.from({ length }, (_, index) => index % 251))
  bytes.writeInt32BE(length - 4, 0)
  if (apiKey === undefined) {
    bytes.writeInt32BE(correlationId, 4)
    // The end of a response of version 3: no throttle.
    bytes.writeInt32BE(0, length - 4)
  } else {
    bytes.writeInt16BE(apiKey, 4)
    bytes.writeInt16BE(3, 6)
    bytes.writeInt32BE(correlationId, 8)
  }
  return bytes
}

/** Collects what a socket gets and how it ends. */
class Received {
  bytes: Buffer = Buffer.alloc(0)
  failed = false
  readonly closed: Promise<unknown>

  constructor(socket: Socket) {
    socket.on('data', (chunk: Buffer) => {
      this.bytes = Buffer.concat([this.bytes, chunk])
    })
    socket.on('error', () => {
      this.failed = true
    })
    this.closed = new Promise((resolve) => socket.once('close', resolve))
  }

  /** Resolves when this many bytes have come. */
  async has(length: number): Promise<void> {
    while (this.bytes.length < length) await new Promise((resolve) => setImmediate(resolve))
  }
}

class Script implements ProxyFaults {
  readonly lengths: string[] = []
  request: RequestFault | undefined
  response: ResponseFault | undefined

  onRequest(length: number): RequestFault | undefined {
    this.lengths.push(`request ${length}`)
    return this.request
  }

  onResponse(length: number): ResponseFault | undefined {
    this.lengths.push(`response ${length}`)
    return this.response
  }

  throttled(): void {}
  throttleIgnored(): void {}
}

let server: Server
let proxy: BrokerProxy
let script: Script
let brokerSide: Promise<[Socket]>

beforeEach(async () => {
  server = createServer()
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  script = new Script()
  proxy = await BrokerProxy.start(0, script)
  proxy.passTo((server.address() as AddressInfo).port)
  brokerSide = once(server, 'connection') as Promise<[Socket]>
})
afterEach(async () => {
  await proxy.stop()
  server.close()
})

/** Both ends of a connection through the proxy. */
async function connected() {
  const client = connect({ host: '127.0.0.1', port: proxy.port, noDelay: true })
  const atClient = new Received(client)
  const [broker] = await brokerSide
  return { client, atClient, broker, atBroker: new Received(broker) }
}

describe('the chaos proxy', () => {
  it('passes frames on as they are, in pieces of any size, and knows Produce from others', async () => {
    const { client, atClient, broker, atBroker } = await connected()
    const requests = [frame(1, 30, produceKey), frame(2, 40, metadataKey), frame(3, 50, produceKey)]
    for (const byte of Buffer.concat(requests)) client.write(Buffer.of(byte))
    await atBroker.has(120)
    expect(atBroker.bytes).toEqual(Buffer.concat(requests))
    const responses = Buffer.concat([frame(1, 21), frame(2, 22), frame(3, 23)])
    broker.write(responses.subarray(0, 30))
    broker.write(responses.subarray(30))
    await atClient.has(66)
    expect(atClient.bytes).toEqual(responses)
    expect(script.lengths).toEqual(['request 30', 'request 50', 'response 21', 'response 23'])
    client.destroy()
    await atBroker.closed
  })

  const length = 40
  const everyByte = Array.from({ length: length + 1 }, (_, index) => index)

  it.each(everyByte)('cuts a Produce request after exactly %d bytes', async (afterBytes) => {
    script.request = { kind: 'cut', afterBytes, reset: afterBytes % 2 === 1 }
    const { client, atClient, atBroker } = await connected()
    const before = frame(1, 30, metadataKey)
    const cut = frame(2, length, produceKey)
    client.write(Buffer.concat([before, cut, frame(3, 30, metadataKey)]))
    await Promise.all([atBroker.closed, atClient.closed])
    expect(atBroker.bytes).toEqual(Buffer.concat([before, cut.subarray(0, afterBytes)]))
    expect(atClient.failed).toBe(script.request.reset)
  })

  it.each(everyByte)('cuts the response to one after exactly %d bytes', async (afterBytes) => {
    script.response = { kind: 'cut', afterBytes, reset: false }
    const { client, atClient, broker, atBroker } = await connected()
    client.write(Buffer.concat([frame(1, 30, metadataKey), frame(2, 30, produceKey)]))
    await atBroker.has(60)
    const before = frame(1, 25)
    const cut = frame(2, length)
    broker.write(Buffer.concat([before, cut, frame(3, 30)]))
    await Promise.all([atBroker.closed, atClient.closed])
    expect(atClient.bytes).toEqual(Buffer.concat([before, cut.subarray(0, afterBytes)]))
    expect(atClient.failed).toBe(false)
  })

  it('drops a response and what comes behind it, and leaves the connection as it is', async () => {
    script.response = { kind: 'drop', afterwards: 'silence' }
    const { client, atClient, broker, atBroker } = await connected()
    client.write(Buffer.concat([frame(1, 30, metadataKey), frame(2, 30, produceKey)]))
    await atBroker.has(60)
    broker.write(Buffer.concat([frame(1, 25), frame(2, 25)]))
    await atClient.has(25)
    client.write(frame(3, 30, metadataKey))
    await atBroker.has(90)
    broker.end(frame(3, 25))
    await atClient.closed
    expect(atClient.bytes).toEqual(frame(1, 25))
  })

  it.each(['end', 'reset'] as const)('drops a response and ends the connection: %s', async (afterwards) => {
    script.response = { kind: 'drop', afterwards }
    const { client, atClient, broker, atBroker } = await connected()
    client.write(frame(1, 30, produceKey))
    await atBroker.has(30)
    broker.write(frame(1, 25))
    await Promise.all([atBroker.closed, atClient.closed])
    expect(atClient.bytes).toHaveLength(0)
    expect(atClient.failed).toBe(afterwards === 'reset')
  })

  it('delays a response, and keeps all in order', async () => {
    script.response = { kind: 'delay', milliseconds: 30 }
    const { client, atClient, broker, atBroker } = await connected()
    client.write(Buffer.concat([frame(1, 30, produceKey), frame(2, 30, metadataKey)]))
    await atBroker.has(60)
    broker.write(frame(1, 25).subarray(0, 10))
    broker.write(frame(1, 25).subarray(10))
    broker.write(frame(2, 35))
    await atClient.has(60)
    expect(atClient.bytes).toEqual(Buffer.concat([frame(1, 25), frame(2, 35)]))
  })

  it('holds connections of now and of later, and lets all of it pass when it is told to', async () => {
    const first = await connected()
    proxy.hold()
    first.client.write(frame(1, 30, metadataKey))
    brokerSide = once(server, 'connection') as Promise<[Socket]>
    const second = await connected()
    second.client.write(frame(1, 40, metadataKey))
    // What passes a proxy that does not hold has passed this one by now.
    for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve))
    expect(first.atBroker.bytes).toHaveLength(0)
    expect(second.atBroker.bytes).toHaveLength(0)
    proxy.release('pass')
    await first.atBroker.has(30)
    await second.atBroker.has(40)
  })

  it('refuses new connections for as long as it is told to, and no others', async () => {
    const first = await connected()
    proxy.refuse()
    const refused = new Received(connect({ host: '127.0.0.1', port: proxy.port }))
    await refused.closed
    expect(refused.failed).toBe(true)
    first.client.write(frame(1, 30, metadataKey))
    await first.atBroker.has(30)
    await proxy.listen()
    brokerSide = once(server, 'connection') as Promise<[Socket]>
    const second = await connected()
    second.client.write(frame(1, 30, metadataKey))
    await second.atBroker.has(30)
  })

  it('ends what it held when it is told to', async () => {
    const { client, atClient, atBroker } = await connected()
    proxy.hold()
    client.write(frame(1, 30, metadataKey))
    proxy.release('reset')
    await Promise.all([atBroker.closed, atClient.closed])
    expect(atBroker.bytes).toHaveLength(0)
    expect(atClient.failed).toBe(true)
  })

  it('passes on how a broker ends a connection', async () => {
    const { atClient, broker, atBroker } = await connected()
    broker.resetAndDestroy()
    await Promise.all([atBroker.closed, atClient.closed])
    expect(atClient.failed).toBe(true)
  })
})
