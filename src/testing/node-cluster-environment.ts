import { nodeEnvironment } from '../environment/node-environment.js'
import type { ClusterEnvironment } from './cluster-options.js'
import { nodeListen } from './node-listen.js'

/** The real world: the runtime's clock and loopback TCP. */
export const nodeClusterEnvironment: ClusterEnvironment = {
  clock: nodeEnvironment.clock,
  random: nodeEnvironment.random,
  listen: nodeListen,
}
