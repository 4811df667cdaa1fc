import type { Environment } from '../environment/environment.js'
import { Cluster } from '../network/cluster.js'
import type { ClusterListener } from '../network/cluster-listener.js'
import type { NetworkOptions } from '../network/network-options.js'

/** The part of the cluster that a producer uses. */
export type ProducerCluster = Pick<
  Cluster,
  | 'stalls'
  | 'topic'
  | 'touchTopic'
  | 'waitForTopic'
  | 'requestUpdate'
  | 'applyLeaderHint'
  | 'node'
  | 'nodes'
  | 'metadataError'
  | 'ready'
  | 'close'
>

/** Makes a producer's cluster. Only tests make another than the real one. */
export type MakeCluster = (
  options: NetworkOptions,
  environment: Environment,
  listener: ClusterListener,
) => ProducerCluster

export const realCluster: MakeCluster = (options, environment, listener) =>
  new Cluster(options, environment, listener)
