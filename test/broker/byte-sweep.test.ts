import { afterAll, beforeAll, expect, test } from 'vitest'
import { BrokerProxy } from '../chaos/proxy/broker-proxy.js'
import type { ProxyFaults, RequestFault, ResponseFault } from '../chaos/proxy/proxy-faults.js'
import { describeWithOwnKafka } from '../support/kafka/describe-kafka.js'
import { pickPorts } from '../support/kafka/ports.js'
import { createTopic, kcatRead } from '../support/kafka/tools.js'
import { withProducer } from '../support/kafka/with-producer.js'

const [proxyPort = 0] = await pickPorts(1)
const topic = 'swept'
/** Every request is as long as every other. */
const valueSize = 30

type Frame = 'request' | 'response'

/** Cuts the next Produce request, or its response, behind so many bytes; measures all of them. */
class NextCut implements ProxyFaults {
  readonly lengths: Record<Frame, Set<number>> = { request: new Set(), response: new Set() }
  hits = 0
  #next: { readonly frame: Frame; readonly afterBytes: number } | null = null

  arm(frame: Frame, afterBytes: number): void {
    this.#next = { frame, afterBytes }
  }

  onRequest(length: number): RequestFault | undefined {
    return this.#cut('request', length)
  }

  onResponse(length: number): ResponseFault | undefined {
    return this.#cut('response', length)
  }

  throttled(): void {}

  throttleIgnored(): void {}

  #cut(frame: Frame, length: number): RequestFault | undefined {
    this.lengths[frame].add(length)
    if (this.#next?.frame !== frame) return undefined
    const { afterBytes } = this.#next
    this.#next = null
    this.hits++
    return { kind: 'cut', afterBytes, reset: afterBytes % 2 === 1 }
  }
}

// The broker names the proxy as its own address, so that nobody gets past it.
const config = { 'advertised.listeners': `PLAINTEXT://127.0.0.1:${proxyPort}` }

await describeWithOwnKafka('a connection cut at every byte', { brokers: 1, config }, (kafka) => {
  const cut = new NextCut()
  let proxy: BrokerProxy

  beforeAll(async () => {
    const [broker] = kafka().brokers
    if (broker === undefined) throw new Error('a cluster has at least one broker')
    proxy = await BrokerProxy.start(proxyPort, cut)
    proxy.passTo(broker.port)
    await createTopic(kafka().bootstrapServers, { topic, partitions: 1 })
  })
  afterAll(() => proxy.stop())

  test('of a Produce request and of its response: each record is in the log once, in order, where the producer was told', async () => {
    const sent: string[] = []
    const offsets: bigint[] = []
    const bootstrapServers = [`127.0.0.1:${proxyPort}`]
    await withProducer({ bootstrapServers, reconnectBackoffMs: 1, retryBackoffMs: 1 }, async (producer) => {
      const send = async (value: string): Promise<void> => {
        sent.push(value)
        offsets.push((await producer.send({ topic, value: value.padEnd(valueSize) })).offset)
      }
      await send('measured')
      for (const frame of ['request', 'response'] as const) {
        const [length = 0] = cut.lengths[frame]
        const hitsBefore = cut.hits
        for (let atByte = 0; atByte <= length; atByte++) {
          cut.arm(frame, atByte)
          await send(`${frame} ${atByte}`)
        }
        expect(cut.hits - hitsBefore).toBe(length + 1)
      }
      await send('afterwards')
    })
    const [[request = 0], [response = 0]] = [[...cut.lengths.request], [...cut.lengths.response]]
    expect([cut.lengths.request.size, cut.lengths.response.size]).toEqual([1, 1])
    expect([request, response].every((length) => length > 50)).toBe(true)
    expect(cut.hits).toBe(request + 1 + response + 1)
    const log = await kcatRead(kafka().bootstrapServers, { topic })
    expect(log.map(({ value }) => value?.toString().trimEnd())).toEqual(sent)
    expect(sent).toHaveLength(request + 1 + response + 1 + 2)
    expect(log.map(({ offset }) => BigInt(offset))).toEqual(offsets)
  })
})
