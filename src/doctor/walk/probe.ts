import type { SecureSettings } from '../../environment/socket.js'
import { pickVersion } from '../../protocol/api.js'
import { decodeResponse } from '../../protocol/frame.js'
import { SaslHandshake } from '../../protocol/sasl-handshake.js'
import { type AddressRoute, walkAddress } from './walk-address.js'
import type { WalkContext } from './walk-context.js'

/** Settings that believe any server, for a connection on which no secret is sent. */
const anyTls: SecureSettings = {
  context: {
    ca: undefined,
    identity: undefined,
    minVersion: 'TLSv1.2',
    maxVersion: 'TLSv1.3',
    ciphers: undefined,
  },
  verifiesAuthority: false,
  identity: 'unchecked',
}

/** Whether a port that does not answer a plain connection answers a TLS handshake. No login is tried. */
export async function speaksTls(context: WalkContext, route: AddressRoute): Promise<boolean> {
  const tls = { current: () => Promise.resolve(anyTls) }
  const { outcomes, setUp } = await walkAddress(context, { ...route, security: { tls, sasl: null } })
  setUp.connection.close(null)
  // A broker that wants a certificate of the client refuses after the handshake.
  return outcomes.some(
    ({ step, error }) => step === 'TLS' && (error === null || error.code.startsWith('TLS_')),
  )
}

/** Whether a port that does not answer a TLS handshake answers a plain ApiVersions. No login is tried. */
export async function speaksPlaintext(context: WalkContext, route: AddressRoute): Promise<boolean> {
  const { outcomes, setUp } = await walkAddress(context, { ...route, security: { tls: null, sasl: null } })
  setUp.connection.close(null)
  return outcomes.some(({ step, error }) => step === 'ApiVersions' && error === null)
}

/**
 * The mechanisms that a listener offers; null if it does not demand a login. It is asked for a mechanism that
 * nobody has, so that its answer names the others.
 */
export async function offeredMechanisms(
  context: WalkContext,
  route: AddressRoute,
): Promise<readonly string[] | null> {
  const { outcomes, setUp } = await walkAddress(context, {
    ...route,
    security: { ...route.security, sasl: null },
  })
  const { connection, versions, target } = setUp
  try {
    if (versions === undefined || outcomes.some(({ error }) => error !== null)) return null
    const version = pickVersion(SaslHandshake, versions.ranges.get(SaslHandshake.key), target.broker)
    const { mechanisms } = await connection.request(
      SaslHandshake,
      version,
      { mechanism: 'NONE' },
      (frame) => decodeResponse(SaslHandshake, version, frame),
      { timeoutMs: context.stepTimeMs },
    )
    return mechanisms.length > 0 ? [...mechanisms].sort() : null
  } catch {
    // The listener closed the connection, as one with TLS or an old one would.
    return null
  } finally {
    connection.close(null)
  }
}
