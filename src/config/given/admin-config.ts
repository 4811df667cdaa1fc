import type { ConnectionConfig } from './connection-config.js'
import type { OAuthConfig } from './oauth-config.js'
import type { SecurityConfig } from './security-config.js'

// Made from ../table-admin.ts. To make it again:
//   npx vitest run --project unit test/unit/config/documents.test.ts --update

/** The settings of an admin. All except `bootstrapServers` may be left out. */
export interface AdminConfig extends ConnectionConfig, SecurityConfig, OAuthConfig {
  /**
   * The longest time that one call takes, retries included. A call may have its own `timeoutMs`.
   *
   * Milliseconds: a whole number from 0 to 2147483647. Java: `default.api.timeout.ms`.
   *
   * @default 60000
   */
  readonly defaultApiTimeoutMs?: number | undefined
}
