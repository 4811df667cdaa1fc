import { setTimeout as sleep, setImmediate as turn } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { Admin, Producer, type SaslConfig } from '../src/index.js'
import { startKafka } from '../test/support/kafka/cluster.js'
import { saslKafka, saslListener, saslUsers } from '../test/support/kafka/sasl-listener.js'
import { unsecuredToken } from '../test/support/kafka/secured-clients.js'
import { type Bound, judge } from './memory/verdict.js'
import { Counts } from './soak/counts.js'

/**
 * Producers with every SASL mechanism at full speed for a long time, at a Kafka that ends sessions after a
 * few seconds (KIP-368). No send may fail, no connection may end, and nothing may be lost, doubled or
 * reordered. One more producer sends a record only now and then, so that its sessions end while it is idle.
 * The exit code is 1 if a bound does not hold.
 */

const { values: options } = parseArgs({
  options: {
    minutes: { type: 'string', default: '10' },
    'session-ms': { type: 'string', default: '3000' },
    'record-size': { type: 'string', default: '100' },
  },
})
const sessionMs = Number(options['session-ms'])
const runMs = Number(options.minutes) * 60_000
const value = Buffer.alloc(Number(options['record-size']), 'x')
const RECORDS_PER_TURN = 500
const PARTITION_BYTES = 40_000_000
/** The token lives longer than a session, and is needed anew many times. */
const TOKEN_SECONDS = 5

const alice = { username: 'alice', password: saslUsers.alice }
const logins: readonly SaslConfig[] = [
  { mechanism: 'PLAIN', ...alice },
  { mechanism: 'SCRAM-SHA-256', ...alice },
  { mechanism: 'SCRAM-SHA-512', ...alice },
  { mechanism: 'OAUTHBEARER', token: () => unsecuredToken('alice', TOKEN_SECONDS) },
]

/** What one producer has seen. */
class Sessions {
  readonly name: string
  readonly counts = new Counts()
  readonly ended: string[] = []
  renewals = 0

  constructor(name: string) {
    this.name = name
  }

  producer(bootstrapServers: readonly string[], sasl: SaslConfig): Producer {
    const debug = (message: string): void => {
      if (message.endsWith('renewing -> ready')) this.renewals++
    }
    const logger = { debug, info() {}, warn() {}, error() {} }
    const producer = new Producer({ bootstrapServers, securityProtocol: 'SASL_PLAINTEXT', sasl, logger })
    producer.on('disconnect', ({ error }) => {
      if (error !== undefined) this.ended.push(error.message)
    })
    return producer
  }

  bounds(fewestRenewals: number): Bound[] {
    const { sent, acknowledged, faults } = this.counts.figures()
    const bound = (what: string, measured: string, allowed: string, holds: boolean): Bound => ({
      what: `${this.name}: ${what}`,
      measured,
      allowed,
      holds,
    })
    return [
      bound(
        `${sent} records sent`,
        [`${acknowledged} acknowledged`, ...faults].join('; '),
        'all of them, at offsets in order and without a gap',
        sent > 0 && acknowledged === sent && faults.length === 0,
      ),
      bound('renewals', `${this.renewals}`, `at least ${fewestRenewals}`, this.renewals >= fewestRenewals),
      bound('ended connections', [...new Set(this.ended)].join('; ') || '0', '0', this.ended.length === 0),
    ]
  }
}

async function main(): Promise<void> {
  const kafka = await startKafka(saslKafka({ ...saslListener('secure', undefined, sessionMs), ...shortLogs }))
  await using _ = kafka
  await using admin = new Admin({ bootstrapServers: kafka.bootstrapServers })
  const busy = logins.map((sasl) => ({ sasl, sessions: new Sessions(`${sasl.mechanism}`) }))
  const idle = new Sessions('SCRAM-SHA-512, idle')
  const configs = { 'retention.bytes': `${PARTITION_BYTES}`, 'segment.bytes': `${PARTITION_BYTES / 4}` }
  const topicOf = ({ name }: Sessions): string => name.replace(', ', '-')
  await admin.createTopics(
    [...busy.map(({ sessions }) => sessions), idle].map((sessions) => ({
      topic: topicOf(sessions),
      numPartitions: 6,
      configs,
    })),
  )
  console.log(
    `Node ${process.version}, Kafka ${kafka.version}, ${options.minutes} minutes, sessions of ${sessionMs} ms`,
  )
  const endMs = performance.now() + runMs
  const servers = kafka.secureBootstrapServers
  await Promise.all([
    ...busy.map(({ sasl, sessions }) =>
      atFullSpeed(sessions.producer(servers, sasl), sessions, topicOf(sessions), endMs),
    ),
    nowAndThen(idle.producer(servers, { mechanism: 'SCRAM-SHA-512', ...alice }), idle, topicOf(idle), endMs),
  ])
  const busyRenewals = Math.floor((runMs / sessionMs) * 0.9)
  judge([
    ...busy.flatMap(({ sessions }) => sessions.bounds(busyRenewals)),
    ...idle.bounds(Math.floor(runMs / sessionMs / 4)),
  ])
}

/** At full speed a log grows by its whole size within seconds, so it has to be cut as quickly. */
const shortLogs = {
  'log.retention.check.interval.ms': '1000',
  'log.initial.task.delay.ms': '1000',
  'log.segment.delete.delay.ms': '500',
}

async function atFullSpeed(
  producer: Producer,
  { counts }: Sessions,
  topic: string,
  endMs: number,
): Promise<void> {
  while (performance.now() < endMs) {
    for (let i = 0; i < RECORDS_PER_TURN; i++) {
      counts.sent++
      if (producer.send({ topic, value }, counts.settledInOrder)) continue
      await new Promise<void>((resolve) => producer.once('drain', resolve))
      break
    }
    await turn()
  }
  await producer.close()
}

/** Sends a record after one and a half sessions, so that every second session has ended by then. */
async function nowAndThen(
  producer: Producer,
  { counts }: Sessions,
  topic: string,
  endMs: number,
): Promise<void> {
  while (performance.now() < endMs) {
    counts.sent++
    producer.send({ topic, value }, counts.settledInOrder)
    await sleep(sessionMs * 1.5)
  }
  await producer.close()
}

await main()
