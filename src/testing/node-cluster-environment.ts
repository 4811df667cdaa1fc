import { nodeEnvironment } from '../environment/node-environment.js'
import type { ClusterEnvironment } from './cluster-options.js'
import { nodeListen } from './node-listen.js'

/** The real environment: the runtime's clock and loopback TCP. */
export function nodeClusterEnvironment(): ClusterEnvironment {
  const { clock, random } = nodeEnvironment
  return { clock, random, listen: nodeListen }
}
