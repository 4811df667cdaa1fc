export type { ClusterConfigInput } from './cluster-config.js'
export type { ClusterEnvironment, EmbeddedClusterOptions } from './cluster-options.js'
export type { NewTopic } from './cluster-state.js'
export { EmbeddedCluster } from './embedded-cluster.js'
export type { Fault, RequestMatch } from './fault.js'
export type {
  BeforeAnswer,
  BeforeHandling,
  Exchange,
  Interceptor,
  Part,
  PartialFrame,
} from './interceptor.js'
export type { Accept, AcceptedSocket, AcceptedSocketListener, Listen, ListeningPort } from './listen.js'
export type { BrokerEvent, LoggedRequest, ProducedPartition } from './request-log.js'
export type { ApiName } from './served-apis.js'
export type { StoredRecord } from './stored-record.js'
