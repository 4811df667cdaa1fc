/** The name that brokers show for this client in their request logs and metrics (KIP-511). */
export const SOFTWARE_NAME = 'odradek'

/** The version in package.json. */
export const SOFTWARE_VERSION = '0.1.0'
