import { aclsRequired } from './acls.js'
import type { KafkaOptions } from './cluster.js'
import { type MechanismName, offeredMechanisms, saslListener, scramUsers } from './sasl-listener.js'
import { tlsListener } from './tls-listener.js'

/** How long a session of the listener REAUTH lasts. */
export const SESSION_MS = 3_000

/** The mechanisms of the listener REAUTH. */
export const renewedMechanisms: readonly MechanismName[] = offeredMechanisms.filter(
  (name) => name !== 'SCRAM-SHA-512',
)

/**
 * A Kafka with a listener of every kind beside PLAINTEXT, and with ACLs.
 *
 * - SSL, and MTLS, which wants a certificate of the client
 * - SASL_PLAINTEXT and SASL_SSL, with all mechanisms
 * - REAUTH, whose sessions end, without SCRAM-SHA-512
 * - BADHOST and EXPIRED, whose certificates no client should take
 */
export const securedKafka: KafkaOptions = {
  brokers: 1,
  scramUsers,
  listeners: {
    SSL: 'SSL',
    MTLS: 'SSL',
    SASL_PLAINTEXT: 'SASL_PLAINTEXT',
    SASL_SSL: 'SASL_SSL',
    REAUTH: 'SASL_PLAINTEXT',
    BADHOST: 'SSL',
    EXPIRED: 'SSL',
  },
  config: {
    ...tlsListener('ssl', 'broker'),
    ...tlsListener('mtls', 'broker'),
    'listener.name.mtls.ssl.client.auth': 'required',
    ...saslListener('sasl_plaintext'),
    ...tlsListener('sasl_ssl', 'broker'),
    ...saslListener('sasl_ssl'),
    ...saslListener('reauth', renewedMechanisms, SESSION_MS),
    ...tlsListener('badhost', 'other-host'),
    ...tlsListener('expired', 'expired'),
    'connection.failed.authentication.delay.ms': '100',
    ...aclsRequired,
  },
}
