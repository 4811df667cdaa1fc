import type { Clock } from '../environment/clock.js'
import type { ClusterConfigInput } from './cluster-config.js'
import type { AutoCreation, NewTopic } from './cluster-state.js'
import type { Listen } from './listen.js'
import type { EmbeddedSaslOptions } from './sasl/sasl-options.js'

/** The clock, randomness and sockets of a cluster. A simulation gives its own. */
export interface ClusterEnvironment {
  readonly clock: Clock
  /** Returns a number from 0 to below 1, like Math.random. Used for topic ids and the cluster id. */
  readonly random: () => number
  readonly listen: Listen
}

/** The TLS of the brokers. All of them have the same certificate. */
export interface ClusterTls {
  /** The private key of the certificate, in PEM. */
  readonly key: string | Buffer
  /** The certificate of the brokers in PEM, with its intermediate certificates. */
  readonly cert: string | Buffer
  /** The authorities of the clients' certificates, in PEM. */
  readonly ca?: string | Buffer | undefined
  /** Whether a client needs a certificate of such an authority, as with `ssl.client.auth=required`. */
  readonly requestCert?: boolean | undefined
  readonly minVersion?: 'TLSv1.2' | 'TLSv1.3' | undefined
  readonly maxVersion?: 'TLSv1.2' | 'TLSv1.3' | undefined
}

export interface EmbeddedClusterOptions {
  /** The number of brokers, 1 to 100. The default is 1. Their node ids are 1, 2, 3 and so on. */
  readonly brokers?: number | undefined
  /**
   * The port of the first broker. Each further broker has the next higher port. The default: any free ports.
   */
  readonly port?: number | undefined
  /** Topics that exist from the start. */
  readonly topics?: readonly (string | NewTopic)[] | undefined
  /** Broker settings by Kafka's names, such as `{ 'auto.create.topics.enable': false }`. */
  readonly config?: ClusterConfigInput | undefined
  /** When metadata has an automatically created topic. The default is `'immediate'`. */
  readonly autoCreation?: AutoCreation | undefined
  /** Encrypts all connections. The default: plaintext. */
  readonly tls?: ClusterTls | undefined
  /** The login that every broker demands. The default: nobody has to log in. */
  readonly sasl?: EmbeddedSaslOptions | undefined
  /** The default: the runtime's clock and loopback TCP. */
  readonly environment?: ClusterEnvironment | undefined
}

/** The address of a broker in metadata. A part that is left out stays as it was. */
export interface AdvertisedAddress {
  readonly host?: string | undefined
  readonly port?: number | undefined
}
