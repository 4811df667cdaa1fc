import { Producer, type ProducerConfig } from '../../src/index.js'
import { importPeer, installedVersion } from '../peers/installation.js'

/** A client as a simple program uses it, with its defaults. */
export interface Sender {
  readonly version: string
  /** Sends one record. Resolves when all in-sync replicas have acknowledged it. */
  send(value: Buffer): Promise<unknown>
  /** Sends one record with a callback. Undefined if the client has no such function. */
  sendWithCallback?(value: Buffer, callback: (error: Error | null) => void): void
  /** The batches and records sent so far. Undefined if the client does not report them. */
  traffic?(): { readonly batches: number; readonly records: number }
  close(): Promise<void>
}

type Open = (bootstrapServers: readonly string[], topic: string) => Promise<Sender>

/** This project's producer with several settings of `lingerMs`, and its peers, by name. */
export const senders: Readonly<Record<string, Open>> = {
  odradek: (servers, topic) => odradek({ bootstrapServers: [...servers] }, topic),
  'odradek lingerMs 0': (servers, topic) => odradek({ bootstrapServers: [...servers], lingerMs: 0 }, topic),
  'odradek lingerMs 5': (servers, topic) => odradek({ bootstrapServers: [...servers], lingerMs: 5 }, topic),
  kafkajs,
  platformatic,
}

async function odradek(config: ProducerConfig, topic: string): Promise<Sender> {
  const producer = new Producer(config)
  await producer.connect()
  await producer.partitionsFor(topic)
  return {
    version: 'odradek',
    send: (value) => producer.send({ topic, value }),
    sendWithCallback: (value, callback) => {
      producer.send({ topic, value }, callback)
    },
    traffic: () => producer.traffic,
    close: () => producer.close(),
  }
}

async function kafkajs(servers: readonly string[], topic: string): Promise<Sender> {
  const { Kafka, Partitioners, logLevel } = await importPeer<{
    readonly Kafka: new (config: object) => { producer(config: object): KafkaJsProducer }
    readonly Partitioners: { readonly DefaultPartitioner: unknown }
    readonly logLevel: { readonly NOTHING: number }
  }>('kafkajs')
  const kafka = new Kafka({ brokers: servers, logLevel: logLevel.NOTHING })
  const producer = kafka.producer({ createPartitioner: Partitioners.DefaultPartitioner })
  await producer.connect()
  return {
    version: `kafkajs ${installedVersion('kafkajs')}`,
    send: (value) => producer.send({ topic, messages: [{ value }] }),
    close: () => producer.disconnect(),
  }
}

interface KafkaJsProducer {
  connect(): Promise<void>
  send(batch: object): Promise<unknown>
  disconnect(): Promise<void>
}

async function platformatic(servers: readonly string[], topic: string): Promise<Sender> {
  const peer = await importPeer<{
    readonly Producer: new (
      config: object,
    ) => {
      send(batch: object): Promise<unknown>
      close(): Promise<void>
    }
    readonly ProduceAcks: { readonly ALL: number }
  }>('@platformatic/kafka')
  const producer = new peer.Producer({
    clientId: 'bench',
    bootstrapBrokers: servers,
    acks: peer.ProduceAcks.ALL,
  })
  return {
    version: `@platformatic/kafka ${installedVersion('@platformatic/kafka')}`,
    send: (value) => producer.send({ messages: [{ topic, value }] }),
    close: () => producer.close(),
  }
}
