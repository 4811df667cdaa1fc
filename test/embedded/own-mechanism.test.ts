import { afterEach, describe, expect, it } from 'vitest'
import {
  AuthenticationError,
  Producer,
  type ProducerConfig,
  type SaslContext,
  type SaslConversation,
  type SaslMechanism,
} from '../../src/index.js'
import { EmbeddedCluster } from '../../src/testing/index.js'
import { ownScram } from '../support/own-scram.js'

const never = (): Promise<never> => new Promise(() => {})
const login: SaslConversation = {
  next: (challenge) => (challenge === null ? Buffer.from('\0alice\0alice-secret') : null),
}

let cluster: EmbeddedCluster
let producer: Producer

afterEach(async () => {
  await producer.close({ timeoutMs: 0 })
  await cluster.close()
})

/** A producer whose mechanism does one thing at its first login, and logs in at every later one. */
async function start(
  first: (context: SaslContext) => SaslConversation | Promise<SaslConversation>,
  config: Partial<ProducerConfig> = {},
  sessionLifetimeMs = 0,
): Promise<void> {
  cluster = await EmbeddedCluster.start({
    brokers: 1,
    topics: ['orders'],
    sasl: { users: { alice: 'alice-secret' }, sessionLifetimeMs },
  })
  let logins = 0
  const mechanism: SaslMechanism = {
    name: 'PLAIN',
    start: (context) => (logins++ === 0 ? first(context) : login),
  }
  producer = new Producer({
    bootstrapServers: cluster.bootstrapServers,
    securityProtocol: 'SASL_PLAINTEXT',
    sasl: { mechanism },
    logger: false,
    reconnectBackoffMs: 10,
    socketConnectionSetupTimeoutMs: 200,
    socketConnectionSetupTimeoutMaxMs: 200,
    ...config,
  })
}

const send = () => producer.send({ topic: 'orders', value: 'a' })

describe('a mechanism of the user', () => {
  it('has several rounds, at the first login and at the renewal of the session', async () => {
    const contexts: SaslContext[] = []
    const sasl = { mechanism: ownScram('alice', 'alice-secret', contexts) }
    await start(() => login, { sasl }, 1_500)
    while (!contexts.some(({ isRenewal }) => isRenewal)) await send()
    await send()
    expect(cluster.events()).toEqual([])
    const refused = new Producer({
      bootstrapServers: cluster.bootstrapServers,
      securityProtocol: 'SASL_PLAINTEXT',
      sasl: { mechanism: ownScram('alice', 'wrong') },
      logger: false,
    })
    await expect(refused.send({ topic: 'orders', value: 'a' })).rejects.toThrow(
      'invalid credentials with SASL mechanism SCRAM-SHA-256',
    )
    await refused.close()
  })

  it.each([
    [
      'throws in start',
      () => {
        throw new Error('no ticket')
      },
    ],
    ['rejects in start', () => Promise.reject(new Error('no ticket'))],
    ['never answers in start', never],
    ['never answers in next', () => ({ next: never })],
  ])('that %s is asked again, and the record is sent', async (_name, first) => {
    await start(first)
    await send()
    expect(cluster.records('orders')).toHaveLength(1)
  })

  it.each([
    [
      'throws in next',
      () => ({
        next: () => {
          throw new Error('the broker is not the one of the ticket')
        },
      }),
    ],
    [
      'rejects in next',
      () => ({ next: () => Promise.reject(new Error('the broker is not the one of the ticket')) }),
    ],
  ])('that %s refuses the broker, and the next send may succeed', async (_name, first) => {
    await start(first)
    const refused = send()
    await expect(refused).rejects.toBeInstanceOf(AuthenticationError)
    await expect(refused).rejects.toMatchObject({ fatal: true, possiblyPersisted: false })
    await expect(refused).rejects.toThrow(
      'the mechanism PLAIN failed: the broker is not the one of the ticket',
    )
    await send()
    expect(cluster.records('orders')).toHaveLength(1)
  })

  it.each([
    ['no conversation', () => null as never, 'started no login: next is no function'],
    ['text', () => ({ next: () => 'text' as never }), 'gave a message that is no Uint8Array'],
  ])('that gives %s is told so', async (_name, first, problem) => {
    await start(first)
    await expect(send()).rejects.toThrow(problem)
  })

  it('gets the broker, the client and the service name', async () => {
    const contexts: SaslContext[] = []
    await start(
      (context) => {
        contexts.push(context)
        return login
      },
      { clientId: 'own', saslKerberosServiceName: 'kafka' },
    )
    await send()
    expect(contexts).toEqual([
      {
        host: '127.0.0.1',
        port: Number(cluster.bootstrapServers.split(':')[1]),
        clientId: 'own',
        isRenewal: false,
        serviceName: 'kafka',
        signal: expect.any(AbortSignal),
      },
    ])
  })
})
