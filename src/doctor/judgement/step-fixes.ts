import type { KafkaError, KafkaErrorCode } from '../../errors.js'
import type { StepName } from '../../network/connect/connection-step.js'
import type { Fix } from '../finding.js'

const client = (setting: string, advice: string): Fix => ({ where: 'client', setting, advice })
const broker = (setting: string, advice: string): Fix => ({ where: 'broker', setting, advice })
const network = (advice: string): Fix => ({ where: 'network', setting: null, advice })

const byCode: ReadonlyMap<KafkaErrorCode, readonly Fix[]> = new Map<KafkaErrorCode, readonly Fix[]>([
  [
    'TLS_REQUIRED',
    [client('security.protocol', 'set it to SSL, or to SASL_SSL if the broker wants a login')],
  ],
  [
    'TLS_AUTHORITY_UNKNOWN',
    [client('ssl.truststore.location', 'name a PEM file or a store with the certificate of that authority')],
  ],
  [
    'TLS_HOST_MISMATCH',
    [
      client('bootstrap.servers', 'connect to a name that the certificate has'),
      broker(
        'ssl.keystore.location',
        'or give the broker a certificate with this name (subject alternative name)',
      ),
    ],
  ],
  [
    'TLS_CERTIFICATE_EXPIRED',
    [
      broker(
        'ssl.keystore.location',
        'renew the certificate of the broker, unless the clock of this machine is wrong',
      ),
    ],
  ],
  [
    'TLS_CLIENT_CERTIFICATE',
    [
      client('ssl.keystore.location', 'name the certificate and the key of this client'),
      broker('ssl.truststore.location', 'the broker must trust the authority of that certificate'),
    ],
  ],
  [
    'TLS_NOT_NEGOTIATED',
    [
      client('ssl.enabled.protocols', 'compare it with that of the broker'),
      client('ssl.cipher.suites', 'leave it out, or compare it with that of the broker'),
    ],
  ],
  [
    'TLS_SETTINGS',
    [{ where: 'client', setting: null, advice: 'correct the options that the function tls gives' }],
  ],
  // The advice about advertised.listeners is enough.
  ['REBOOTSTRAP_REQUIRED', []],
  ['TLS_CERTIFICATE_INVALID', [broker('ssl.keystore.location', 'give the broker another certificate')]],
  [
    'UNSUPPORTED_SASL_MECHANISM',
    [
      client('sasl.mechanism', 'choose a mechanism that the broker offers'),
      broker('sasl.enabled.mechanisms', 'or enable the mechanism there'),
    ],
  ],
  [
    'ILLEGAL_SASL_STATE',
    [client('security.protocol', 'use a protocol without SASL, or the port of a listener with SASL')],
  ],
  [
    'SASL_AUTHENTICATION_FAILED',
    [
      client('sasl.jaas.config', 'check the user name and the password (in TypeScript: sasl)'),
      client(
        'sasl.mechanism',
        'check that the broker knows the user under this mechanism: each has its own users',
      ),
    ],
  ],
])

const byStep: Readonly<Record<StepName, readonly Fix[]>> = {
  'TCP connect': [
    client('bootstrap.servers', 'check the host and the port'),
    broker('listeners', 'check that the broker runs, and that it listens on this port'),
    network('check that no firewall, security group or missing port mapping is on the way'),
  ],
  TLS: [client('security.protocol', 'check that the port is one of a listener with TLS')],
  ApiVersions: [client('security.protocol', 'check that the port is one of a Kafka listener without TLS')],
  SaslHandshake: [client('security.protocol', 'check that the port is one of a listener with SASL')],
  SaslAuthenticate: [client('sasl.jaas.config', 'check the credentials (in TypeScript: sasl)')],
  credentials: [client('sasl.jaas.config', 'check the source of the credentials (in TypeScript: sasl)')],
}

/** The settings to look at after a failed step. */
export function stepFixes(step: StepName, { code }: Pick<KafkaError, 'code'>): readonly Fix[] {
  if (step === 'ApiVersions' && code === 'UNSUPPORTED_VERSION')
    return [client('bootstrap.servers', 'name the listeners of brokers, and not those of KRaft controllers')]
  if (step === 'ApiVersions' && code === 'PROTOCOL')
    return [client('bootstrap.servers', 'name the port of a Kafka listener')]
  return byCode.get(code) ?? byStep[step]
}
