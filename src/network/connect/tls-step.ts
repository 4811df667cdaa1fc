import { ConfigError } from '../../errors.js'
import type { TlsSource } from '../network-options.js'
import { settingsRefused, settingsUnavailable } from './connect-errors.js'
import type { ConnectionStep } from './connection-step.js'

/**
 * Encrypts the connection. The broker must prove that it is the one of the target: by the name that the user
 * or the cluster gave, never by the address that the name resolved to.
 */
export function encryptConnection(source: TlsSource): ConnectionStep {
  return {
    name: 'TLS',
    async run(setUp) {
      const {
        connection,
        target: { host, broker },
      } = setUp
      const settings = await source.current().catch((error: unknown) => {
        throw error instanceof ConfigError
          ? settingsRefused(broker, error)
          : settingsUnavailable(broker, error)
      })
      setUp.tlsSession = await connection.secure({ ...settings, host: withoutFinalDot(host) })
    },
  }
}

/** A name may end with a dot, which makes it absolute. Certificates have names without it. */
function withoutFinalDot(host: string): string {
  return host.endsWith('.') ? host.slice(0, -1) : host
}
