import { resolveConfig } from '../../src/config/config.js'
import { networkOptions } from '../../src/config/to-network-options.js'
import { nodeEnvironment } from '../../src/environment/node-environment.js'
import type { NetworkOptions } from '../../src/network/network-options.js'

/** The network options of a producer with the default config. */
export const defaultNetworkOptions: NetworkOptions = networkOptions(
  resolveConfig({ bootstrapServers: 'unused:1', clientId: 'odradek', logger: false }),
  nodeEnvironment,
)
