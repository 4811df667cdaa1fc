/** How this client names itself to brokers (KIP-511), which show it in their request logs and metrics. */
export const SOFTWARE_NAME = 'odradek'

/** The version in package.json. */
export const SOFTWARE_VERSION = '0.1.0'
