import { afterEach, describe, expect, it } from 'vitest'
import type { Producer, ProducerConfig, SaslCredentials, SaslMechanism } from '../../../src/index.js'
import { ErrorCode } from '../../../src/protocol/error-codes.js'
import type { EmbeddedSaslOptions, LoggedRequest } from '../../../src/testing/index.js'
import { VirtualBrokers } from '../../support/virtual-brokers.js'

const alice = { username: 'alice', password: 'alice-secret' }
const users = { alice: 'alice-secret' }

let world: VirtualBrokers
let producer: Producer
/** The failures of connections. */
let failures: string[]
/** Connections that were made. */
let connects: number

afterEach(async () => {
  await world.ended(producer.close({ timeoutMs: 0 }))
  await world.ended(world.cluster.close())
})

async function start(
  sasl: EmbeddedSaslOptions,
  config: Partial<ProducerConfig> = {},
  latencyMs?: number,
): Promise<void> {
  world = await VirtualBrokers.start(1, 'orders', 2, { users, ...sasl }, latencyMs)
  producer = world.producer({
    securityProtocol: 'SASL_PLAINTEXT',
    sasl: { mechanism: 'PLAIN', ...alice },
    ...config,
  })
  failures = []
  connects = 0
  producer.on('disconnect', ({ error }) => void (error !== undefined && failures.push(error.message)))
  producer.on('connect', () => void connects++)
}

function send(value: string) {
  return producer.send({ topic: 'orders', partition: 0, value })
}

/**
 * Sends in several lanes, with a pause between two sends of a lane. Returns the number of records, which all
 * arrived.
 */
async function load(ms: number, pauseMs = 20): Promise<number> {
  const endMs = world.time.nowMs + ms
  let count = 0
  const lanes = Array.from({ length: 5 }, async () => {
    while (world.time.nowMs < endMs) {
      await send(String(count++))
      await later(pauseMs)
    }
  })
  await world.ended(Promise.all(lanes))
  return count
}

function later(ms: number): Promise<void> {
  return new Promise((resolve) => world.time.after(ms, 'world', resolve))
}

/** The requests on the connection with the most of them: that of the producer to its leader. */
function onLeaderConnection(): LoggedRequest[] {
  const byConnection = new Map<number, LoggedRequest[]>()
  for (const request of world.cluster.requests()) {
    const known = byConnection.get(request.connectionId)
    if (known === undefined) byConnection.set(request.connectionId, [request])
    else known.push(request)
  }
  return [...byConnection.values()].sort((a, b) => b.length - a.length)[0] ?? []
}

function countOf(api: string): number {
  return onLeaderConnection().filter((request) => request.api === api).length
}

describe('a session under load', () => {
  it('is renewed on its connection: no send fails, nothing is lost, doubled or out of order', async () => {
    await start({ sessionLifetimeMs: 3_000 })
    const count = await load(60_000, 10)
    const stored = world.cluster.records('orders').map(({ value }) => Number(value))
    expect(count).toBeGreaterThan(1_000)
    expect(stored).toHaveLength(count)
    expect(new Set(stored).size).toBe(count)
    expect(failures).toEqual([])
    // The bootstrap server, and the broker itself.
    expect(connects).toBe(2)
    expect(countOf('SaslHandshake')).toBeGreaterThan(20)
    expect(countOf('SaslHandshake')).toBeLessThan(30)
    expect(world.cluster.events()).toEqual([])
  })

  it('is renewed with nothing between the handshake and the end of the login', async () => {
    await start({ sessionLifetimeMs: 3_000 }, { sasl: { mechanism: 'SCRAM-SHA-256', ...alice } })
    await load(20_000, 10)
    const apis = onLeaderConnection().map(({ api }) => api)
    const handshakes = apis.flatMap((api, i) => (api === 'SaslHandshake' ? [i] : []))
    expect(handshakes.length).toBeGreaterThan(5)
    for (const at of handshakes)
      expect(apis.slice(at + 1, at + 4)).toEqual([
        'SaslAuthenticate',
        'SaslAuthenticate',
        expect.not.stringMatching('Sasl'),
      ])
    expect(failures).toEqual([])
  })

  it('gets the lifetime that brokers give by the time of its renewal', async () => {
    await start({ sessionLifetimeMs: 10_000 })
    await load(1_000)
    if (world.cluster.sasl !== null) world.cluster.sasl.sessionLifetimeMs = 2_000
    const before = countOf('SaslHandshake')
    await load(8_500)
    expect(countOf('SaslHandshake')).toBe(before + 1)
    await load(10_000)
    expect(countOf('SaslHandshake')).toBeGreaterThanOrEqual(before + 5)
    expect(failures).toEqual([])
  })

  it('is renewed at a distance, with several requests on the way, and keeps their order', async () => {
    await start({ sessionLifetimeMs: 3_000 }, { batchSize: 1 }, 10)
    const sends: Promise<unknown>[] = []
    const endMs = world.time.nowMs + 20_000
    const lane = async (): Promise<void> => {
      while (world.time.nowMs < endMs) {
        sends.push(send(String(sends.length)))
        await later(5)
      }
    }
    await world.ended(lane())
    await world.ended(Promise.all(sends))
    const stored = world.cluster.records('orders').map(({ value }) => Number(value))
    expect(sends.length).toBeGreaterThan(1_000)
    expect(stored).toEqual(sends.map((_, i) => i))
    expect(countOf('SaslHandshake')).toBeGreaterThan(5)
    expect(failures).toEqual([])
    expect(world.cluster.events()).toEqual([])
  })

  it('does not wait for the renewal of another broker', async () => {
    await start({ sessionLifetimeMs: 3_000 })
    world.cluster.ignoreRequests({ api: 'SaslHandshake', skip: 2, times: 1 })
    const sends = load(10_000)
    await sends
    // One connection was given up, because the broker never answered the handshake.
    expect(world.cluster.records('orders').length).toBeGreaterThan(100)
  })

  it('is renewed with rotated credentials, which a function gives', async () => {
    let password = 'alice-secret'
    const asked: boolean[] = []
    const credentials = ({ isRenewal }: { isRenewal: boolean }): SaslCredentials => {
      asked.push(isRenewal)
      return { username: 'alice', password }
    }
    await start({ sessionLifetimeMs: 3_000 }, { sasl: { mechanism: 'PLAIN', credentials } })
    await load(2_000)
    password = 'rotated'
    world.cluster.sasl?.setUser('alice', password)
    await load(4_000)
    expect(failures).toEqual([])
    expect(asked).toEqual([false, false, true, true])
  })
})

describe('an idle session', () => {
  it('lapses, and the next send renews it on the same connection', async () => {
    await start({ sessionLifetimeMs: 3_000 })
    await world.ended(send('a'))
    await world.pass(60_000)
    // One renewal, because there was traffic in the first session.
    expect(countOf('SaslHandshake')).toBe(2)
    await world.ended(send('b'))
    expect(countOf('SaslHandshake')).toBe(3)
    expect(world.cluster.records('orders')).toHaveLength(2)
    expect(failures).toEqual([])
    expect(connects).toBe(2)
  })

  it('that lapsed is no obstacle for several sends at once', async () => {
    await start({ sessionLifetimeMs: 3_000 })
    await world.ended(send('a'))
    await world.pass(10_000)
    await world.ended(Promise.all(['b', 'c', 'd'].map(send)))
    expect(world.cluster.records('orders')).toHaveLength(4)
    expect(countOf('SaslHandshake')).toBe(3)
  })

  it('that lapsed on a connection that ended is no obstacle either', async () => {
    await start({ sessionLifetimeMs: 3_000 })
    await world.ended(send('a'))
    await world.pass(10_000)
    world.cluster.closeConnections()
    await world.pass(100)
    await world.ended(send('b'))
    expect(world.cluster.records('orders')).toHaveLength(2)
  })

  it('that lapsed is closed with its producer', async () => {
    await start({ sessionLifetimeMs: 3_000 })
    await world.ended(send('a'))
    await world.pass(10_000)
    await world.ended(producer.close())
  })
})

describe('a lifetime from a broker', () => {
  it.each([
    [0, 1],
    [-1, 1],
    [2n ** 63n - 1n, 1],
    [-(2n ** 63n), 1],
    [2n ** 31n, 1],
    [2n ** 53n, 1],
  ])('of %d is no reason to renew for a minute', async (sessionLifetimeMs, handshakes) => {
    await start({ sessionLifetimeMs })
    // Enough that the session is in use.
    await load(60_000, 250)
    expect(countOf('SaslHandshake')).toBe(handshakes)
    expect(failures).toEqual([])
  })

  it.each([1, 2, 500, 999])('of %d ms costs no more than a renewal a second', async (sessionLifetimeMs) => {
    await start({ sessionLifetimeMs }, { deliveryTimeoutMs: 60_000 })
    const sends = Array.from({ length: 20 }, (_, i) => send(String(i)).catch(() => null))
    await world.pass(20_000)
    void sends
    const handshakes = world.cluster.requests().filter(({ api }) => api === 'SaslHandshake')
    expect(handshakes.length).toBeLessThan(60)
  })

  it.each([1_000, 1_100, 2_000, 9_000])('of %d ms is kept', async (sessionLifetimeMs) => {
    await start({ sessionLifetimeMs })
    await load(20_000)
    expect(world.cluster.records('orders').length).toBeGreaterThan(100)
  })
})

describe('a renewal', () => {
  it('that comes too early for the broker is made later, and the connection goes on', async () => {
    await start({ sessionLifetimeMs: 10_000 })
    // The first two handshakes are those of the two connections.
    const early = world.cluster.failRequests({ api: 'SaslHandshake', skip: 2 }, 'ILLEGAL_SASL_STATE')
    await load(30_000)
    expect(early.hits).toBe(1)
    expect(failures).toEqual([])
    expect(connects).toBe(2)
  })

  it('that is refused ends the connection, and no record is lost by it', async () => {
    await start({ sessionLifetimeMs: 3_000 })
    const refused = world.cluster.failRequests(
      { api: 'SaslAuthenticate', skip: 2 },
      'SASL_AUTHENTICATION_FAILED',
    )
    const count = await load(20_000)
    expect(refused.hits).toBe(1)
    expect(world.cluster.records('orders')).toHaveLength(count)
    expect(failures).toEqual([
      expect.stringMatching(
        /^the session at broker broker:9092 \(node 1\) could not be renewed: the broker refused the PLAIN login/,
      ),
    ])
    expect(connects).toBeGreaterThan(2)
  })

  it('with a mechanism of the user that never answers ends the connection in time', async () => {
    let renewals = 0
    const mechanism: SaslMechanism = {
      name: 'PLAIN',
      start({ isRenewal }) {
        const hangs = isRenewal && ++renewals === 1
        const login = Buffer.from('\0alice\0alice-secret')
        if (hangs) return { next: () => new Promise<never>(() => {}) }
        return { next: (challenge) => (challenge === null ? login : null) }
      },
    }
    await start({ sessionLifetimeMs: 3_000 }, { sasl: { mechanism }, socketConnectionSetupTimeoutMs: 1_000 })
    const count = await load(20_000)
    expect(renewals).toBeGreaterThan(1)
    expect(world.cluster.records('orders')).toHaveLength(count)
    expect(failures).toEqual([
      'the session at broker broker:9092 (node 1) could not be renewed: the login was not done within 1000 ms',
    ])
  })

  it('with the name of another user is refused by the broker, and a new connection is not', async () => {
    let count = 0
    const credentials = (): SaslCredentials =>
      count++ < 2 ? alice : { username: 'bob', password: 'bob-secret' }
    await start(
      { users: { ...users, bob: 'bob-secret' }, sessionLifetimeMs: 3_000 },
      { sasl: { mechanism: 'PLAIN', credentials } },
    )
    await load(10_000)
    expect(failures).toEqual([
      expect.stringContaining('Cannot change principals during re-authentication from User.alice: User.bob'),
    ])
  })

  it.each(['SaslHandshake', 'SaslAuthenticate'] as const)(
    'whose connection is lost in the step %s costs no record',
    async (api) => {
      await start({ sessionLifetimeMs: 3_000 })
      const lost = world.cluster.dropAnswers({ api, skip: 2 })
      const count = await load(10_000)
      expect(lost.hits).toBe(1)
      expect(world.cluster.records('orders')).toHaveLength(count)
      expect(failures).toHaveLength(1)
    },
  )

  it('without credentials leaves the connection in use until its session is over', async () => {
    let fails = false
    const credentials = async (): Promise<SaslCredentials> => {
      if (fails) throw new Error('the vault is sealed')
      return alice
    }
    await start({ sessionLifetimeMs: 60_000 }, { sasl: { mechanism: 'PLAIN', credentials } })
    await load(1_000)
    fails = true
    await load(55_000, 250)
    expect(failures).toEqual([])
    world.time.after(8_000, 'world', () => {
      fails = false
    })
    await load(10_000)
    expect(failures[0]).toContain(
      'could not be renewed: there are no credentials for PLAIN: the vault is sealed',
    )
    expect(connects).toBeGreaterThan(2)
  })

  it('whose credentials come too late sends nothing after the end of the session', async () => {
    let isSlow = false
    const credentials = async (): Promise<SaslCredentials> => {
      if (isSlow) await later(2_500)
      return alice
    }
    await start({ sessionLifetimeMs: 3_000 }, { sasl: { mechanism: 'PLAIN', credentials } })
    await load(100)
    isSlow = true
    const count = await load(20_000)
    expect(failures).toEqual([])
    expect(world.cluster.events()).toEqual([])
    expect(count).toBeGreaterThan(1_000)
    expect(countOf('SaslHandshake')).toBeGreaterThan(3)
  })

  it('that the broker does not renew although it has ended costs its connection, and no record', async () => {
    await start({ sessionLifetimeMs: 3_000 })
    await load(100)
    let renewals = 0
    world.cluster.intercept({
      partError: ({ api }) =>
        api === 'SaslHandshake' && ++renewals <= 2 ? ErrorCode.ILLEGAL_SASL_STATE : undefined,
    })
    const count = await load(10_000)
    expect(failures).toEqual([expect.stringContaining('ILLEGAL_SASL_STATE')])
    expect(world.cluster.events()).toEqual([])
    expect(count).toBeGreaterThan(500)
  })

  it('whose credentials take their time does not stop the sends', async () => {
    let isSlow = false
    const credentials = async (): Promise<SaslCredentials> => {
      if (isSlow) await later(1_000)
      return alice
    }
    await start({ sessionLifetimeMs: 20_000 }, { sasl: { mechanism: 'PLAIN', credentials } })
    await load(1_000)
    isSlow = true
    let slowestMs = 0
    const endMs = world.time.nowMs + 30_000
    const lane = async (): Promise<void> => {
      while (world.time.nowMs < endMs) {
        await later(10)
        const sentMs = world.time.nowMs
        await send('x')
        slowestMs = Math.max(slowestMs, world.time.nowMs - sentMs)
      }
    }
    await world.ended(lane())
    expect(failures).toEqual([])
    expect(slowestMs).toBeLessThan(100)
  })
})
