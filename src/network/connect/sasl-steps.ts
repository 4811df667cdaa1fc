import type { BrokerVersions } from './broker-versions.js'
import type { ConnectionStep, SetUp } from './connection-step.js'
import { authenticate, type LoginRoute, shakeHands } from './sasl-exchange.js'

/**
 * The steps of a login. They come after ApiVersions, which brokers answer before a login too, and which they
 * answer only once there.
 */
export function saslSteps(mechanism: string): readonly ConnectionStep[] {
  return [
    {
      name: 'SaslHandshake',
      async run(setUp) {
        setUp.mechanisms = await shakeHands(routeOf(setUp), mechanism)
      },
    },
    {
      name: 'SaslAuthenticate',
      async run(setUp) {
        const { conversation } = setUp
        if (conversation === null) throw new TypeError('the login was not started')
        setUp.sessionLifetimeMs = await authenticate(routeOf(setUp), mechanism, conversation)
      },
    },
  ]
}

const NO_VERSIONS: BrokerVersions = { ranges: new Map(), finalizedFeatures: new Map() }

function routeOf({ connection, versions = NO_VERSIONS, target: { broker } }: SetUp): LoginRoute {
  return { connection, versions, broker }
}
