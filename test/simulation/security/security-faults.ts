import { ErrorCode } from '../../../src/protocol/error-codes.js'
import type { RequestMatch } from '../../../src/testing/index.js'
import { type FaultKind, someTime } from '../request-faults.js'
import { isSlow } from '../scenario.js'
import type { World } from '../world.js'
import type { BrokerSide } from './broker-tls.js'
import { sessionLifetimesMs } from './security-scenario.js'
import type { WorldSecurity } from './world-security.js'

/** Alerts with which a broker refuses a handshake. */
const ALERTS = [
  'ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION',
  'ERR_SSL_SSLV3_ALERT_HANDSHAKE_FAILURE',
  'ERR_SSL_SSLV3_ALERT_CERTIFICATE_UNKNOWN',
]

/** The security of a world that has faults of it. */
function securityIn({ security }: World): WorldSecurity {
  if (security === null) throw new TypeError('this world has no security')
  return security
}

/** One broker, or undefined for all. */
function someBroker({ chance, nodeIds }: World): number | undefined {
  return chance.happens(0.5) ? undefined : chance.pick(nodeIds)
}

/** Open connections have logged in already. So they are mostly closed, for new ones to meet the fault. */
function reconnect(world: World, nodeId: number | undefined): void {
  if (world.chance.happens(0.7)) world.cluster.closeConnections(nodeId)
}

/** A request of a login, of which there are one or two for each connection. */
function ofALogin(world: World): RequestMatch {
  const { chance, nodeIds } = world
  return {
    api: chance.pick(['SaslHandshake', 'SaslAuthenticate', 'SaslAuthenticate'] as const),
    ...(chance.happens(0.3) && { nodeId: chance.pick(nodeIds) }),
    skip: chance.pick([0, 0, 0, 1]),
    times: chance.pick([1, 1, 2, 6]),
  }
}

/** Changes the TLS of a broker, or of all. `undo` comes after a while: a change back, or anything else. */
function changeTls(
  world: World,
  change: Partial<BrokerSide>,
  undo: Partial<BrokerSide> | (() => void),
): void {
  const { tls } = securityIn(world)
  const nodeId = someBroker(world)
  const sides = (nodeId === undefined ? world.nodeIds : [nodeId]).flatMap(
    (id) => tls?.side(world.portOf(id)) ?? [],
  )
  for (const side of sides) Object.assign(side, change)
  reconnect(world, nodeId)
  world.later(someTime(world), () => {
    if (typeof undo === 'function') undo()
    else for (const side of sides) Object.assign(side, undo)
  })
}

/** Faults of logins. */
export const loginFaults: readonly FaultKind[] = [
  {
    name: 'credentials refused',
    strike(world) {
      const nodeId = someBroker(world)
      const about = { api: 'SaslAuthenticate', times: Number.POSITIVE_INFINITY } as const
      const fault = world.cluster.failRequests(
        { ...about, ...(nodeId !== undefined && { nodeId }) },
        ErrorCode.SASL_AUTHENTICATION_FAILED,
      )
      world.keep(this.name, fault)
      reconnect(world, nodeId)
      world.later(someTime(world), () => fault.remove())
    },
  },
  {
    name: 'credentials rotated',
    strike(world) {
      const security = securityIn(world)
      security.rotateAtBrokers()
      reconnect(world, undefined)
      world.later(world.chance.pick([0, 1, someTime(world)]), () => security.rotateAtClient())
    },
  },
  {
    name: 'credentials not given',
    strike(world) {
      const security = securityIn(world)
      security.givesNothing = true
      reconnect(world, someBroker(world))
      world.later(someTime(world), () => {
        security.givesNothing = false
      })
    },
  },
  {
    name: 'credentials late',
    strike(world) {
      const security = securityIn(world)
      security.givesAfterMs = world.chance.pick([1, 50, 500, 3_000])
      reconnect(world, someBroker(world))
      world.later(4 * someTime(world), () => {
        security.givesAfterMs = 0
      })
    },
  },
  {
    name: 'mechanism disabled',
    strike(world) {
      const security = securityIn(world)
      security.disableMechanism()
      reconnect(world, undefined)
      world.later(someTime(world), () => security.enableMechanism())
    },
  },
  {
    name: 'login cut off',
    strike(world) {
      const { cluster, chance } = world
      const about = ofALogin(world)
      const fault = chance.pick([
        () => cluster.cutRequests(about, chance.pick([1, 8, 20, 1e9])),
        () => cluster.cutAnswers(about, chance.whole(0, 20)),
        () => cluster.dropAnswers(about),
      ])
      world.keep(this.name, fault())
      reconnect(world, undefined)
    },
  },
  {
    name: 'login slow',
    strike(world) {
      const { cluster, chance } = world
      const about = ofALogin(world)
      const slow = chance.pick([
        () => cluster.delayAnswers(about, someTime(world)),
        () => cluster.ignoreRequests(about, { handle: chance.happens(0.5) }),
      ])
      world.keep(this.name, slow())
      reconnect(world, undefined)
    },
  },
  {
    name: 'session not renewed',
    strike: (world) => refuseRenewals(world, ErrorCode.SASL_AUTHENTICATION_FAILED),
  },
  {
    name: 'session renewed too early',
    strike: (world) => refuseRenewals(world, ErrorCode.ILLEGAL_SASL_STATE),
  },
  {
    name: 'session renewed',
    strike(world) {
      const lifetimesMs = sessionLifetimesMs(isSlow(world.scenario.network)).filter((ms) => ms > 0)
      securityIn(world).limitSessions(world.chance.pick(lifetimesMs))
      reconnect(world, undefined)
    },
  },
]

function refuseRenewals(world: World, code: number): void {
  const { renewalRefusals } = securityIn(world)
  const nodeId = someBroker(world) ?? 0
  renewalRefusals.set(nodeId, code)
  world.later(4 * someTime(world), () => renewalRefusals.delete(nodeId))
}

/** Faults of TLS. */
export const tlsFaults: readonly FaultKind[] = [
  {
    name: 'TLS handshake refused',
    strike: (world) => changeTls(world, { alert: world.chance.pick(ALERTS) }, { alert: null }),
  },
  {
    name: 'TLS handshake reset',
    strike: (world) => changeTls(world, { resets: world.chance.whole(1, 4) }, { resets: 0 }),
  },
  {
    name: 'TLS handshake slow',
    strike(world) {
      changeTls(world, { slowMs: world.chance.pick([1, 100, someTime(world), 20_000]) }, { slowMs: 0 })
    },
  },
  {
    name: 'certificate expired',
    strike: (world) => changeTls(world, { isExpired: true }, { isExpired: false }),
  },
  {
    name: 'certificate of another authority',
    strike(world) {
      const security = securityIn(world)
      // The broker keeps its new certificate, and the client learns of the authority later.
      changeTls(world, { authority: 'other-root' }, () => {
        security.trusted = ['root', 'other-root']
      })
    },
  },
  {
    name: 'client certificate refused',
    strike: (world) => changeTls(world, { refusesClient: true }, { refusesClient: false }),
  },
]

/** The faults that a world with this security may have. */
export function securityFaults({ scenario }: WorldSecurity): readonly FaultKind[] {
  return [...(scenario.mechanism === null ? [] : loginFaults), ...(scenario.encrypts ? tlsFaults : [])]
}
