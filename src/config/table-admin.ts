import type { ConfigEntries } from './entry.js'

/** The settings that only an admin has. */
export const adminConfigs = {
  defaultApiTimeoutMs: {
    javaName: 'default.api.timeout.ms',
    type: 'int',
    default: 60000,
    min: 0,
    importance: 'medium',
    description:
      'The longest time that one call takes, retries included. A call may have its own `timeoutMs`.',
  },
} as const

adminConfigs satisfies ConfigEntries
