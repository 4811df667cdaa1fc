export type { ClusterConfigInput } from './cluster-config.js'
export type {
  AdvertisedAddress,
  ClusterEnvironment,
  ClusterTls,
  EmbeddedClusterOptions,
} from './cluster-options.js'
export type { AutoCreation, NewTopic } from './cluster-state.js'
export { EmbeddedCluster } from './embedded-cluster.js'
export type { Fault, RequestMatch } from './fault.js'
export type { HandshakeMatch } from './handshake-fault.js'
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
export type { EmbeddedSaslOptions, SaslMechanismName, TokenHolder } from './sasl/sasl-options.js'
export type { SaslServer } from './sasl/sasl-server.js'
export type { ApiName } from './served-apis.js'
export type { StoredRecord } from './stored-record.js'
export type { TlsServer } from './tls-server.js'
