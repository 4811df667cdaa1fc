import type { SaslContext } from '../../src/index.js'
import { certificateBytes } from './certificates/certificates.js'

/** What a client does with the settings of a block of code. */
export interface ExpectedLogin {
  readonly securityProtocol: 'PLAINTEXT' | 'SSL' | 'SASL_SSL'
  /** As brokers see it; null without SASL. */
  readonly mechanism: string | null
  /** A part of the first message of the login. */
  readonly says?: string
  /** The user's name and password for SCRAM and PLAIN. */
  readonly user?: readonly [name: string, password: string]
  /** Where the trusted authorities come from. */
  readonly trust?: 'runtime' | 'files'
  readonly hasCertificate?: boolean
  /** The endpoint that the tokens come from. */
  readonly tokenUrl?: string
}

const scram = (
  bits: 256 | 512,
  name: string,
  password: string,
  trust: 'runtime' | 'files' = 'files',
): ExpectedLogin => ({
  securityProtocol: 'SASL_SSL',
  mechanism: `SCRAM-SHA-${bits}`,
  says: `n,,n=${name},r=`,
  user: [name, password],
  trust,
})
const plain = (name: string, password: string): ExpectedLogin => ({
  securityProtocol: 'SASL_SSL',
  mechanism: 'PLAIN',
  says: `\0${name}\0${password}`,
  user: [name, password],
  trust: 'runtime',
})
const token = (says: string): ExpectedLogin => ({
  securityProtocol: 'SASL_SSL',
  mechanism: 'OAUTHBEARER',
  says: `auth=Bearer ${says}`,
  trust: 'runtime',
})
/** The token is that of `tokenEndpoint`. */
const oidc: ExpectedLogin = {
  ...token(
    'e30.eyJzdWIiOiJhcHAiLCJleHAiOjQxMDAwMDAwMDB9.c2ln\x01logicalCluster=lkc-xxxxx\x01identityPoolId=pool-xxxx',
  ),
  tokenUrl: 'https://idp.example.com/oauth2/token',
}
const certificate: ExpectedLogin = {
  securityProtocol: 'SSL',
  mechanism: null,
  trust: 'files',
  hasCertificate: true,
}
const event =
  'Endpoint=sb://namespace.servicebus.windows.net/;SharedAccessKeyName=Root;SharedAccessKey=ab+/c='
/** The beginning of every signed URL in base64url. */
const signed = Buffer.from('https://kafka.eu-west-1.amazonaws.com/?Action=')
  .toString('base64url')
  .slice(0, 60)
const delegation: ExpectedLogin = {
  ...scram(256, 'tokenID123', 'lAYYSFmLs4bTjf+lTZ1LCHR/ZZFNA=='),
  says: ',tokenauth=true',
}
const kerberos: ExpectedLogin = {
  securityProtocol: 'SASL_SSL',
  mechanism: 'GSSAPI',
  says: 'ticket for kafka@',
  trust: 'files',
}

/** Every page, and every configuration on it: `confluent` is `confluent.properties` and `confluent.mts`. */
export const providerPages: Readonly<Record<string, Readonly<Record<string, ExpectedLogin>>>> = {
  'confluent-cloud': {
    confluent: plain('API_KEY', 'API_SECRET'),
    'confluent-oauth': oidc,
    'confluent-oidc': oidc,
  },
  msk: {
    'msk-iam': token(signed),
    'msk-iam-file': token(signed),
    'msk-oauth': token(signed),
    'msk-scram': scram(512, 'alice', 'alice-secret', 'runtime'),
    'msk-tls': certificate,
    'msk-tls-pem': { ...certificate, trust: 'runtime' },
  },
  aiven: { aiven: certificate, 'aiven-sasl': scram(256, 'avnadmin', 'AVNS_secret') },
  'event-hubs': { 'event-hubs': plain('$ConnectionString', event), 'event-hubs-oauth': token('TOKEN') },
  redpanda: {
    redpanda: scram(256, 'alice', 'alice-secret', 'runtime'),
    'redpanda-own': scram(512, 'alice', 'alice-secret'),
  },
  strimzi: { strimzi: certificate, 'strimzi-scram': scram(512, 'my-user', 'my-password') },
  'plain-kafka': {
    plaintext: { securityProtocol: 'PLAINTEXT', mechanism: null },
    tls: certificate,
    scram: scram(512, 'alice', 'alice-secret'),
    'delegation-token': delegation,
    kerberos,
  },
}

/** The files that the configurations name, each with its content. */
export function providerFiles(): ReadonlyMap<string, Uint8Array> {
  const sources = {
    'client.java.p12': ['client.keystore.p12', 'user.p12'],
    'client.jks': ['kafka.client.keystore.jks', 'client.keystore.jks'],
    'trust.jks': ['kafka.client.truststore.jks'],
    'trust.default.jks': ['client.truststore.jks'],
    'trust.java.p12': ['ca.p12'],
    'root.pem': ['ca.pem', 'ca.crt'],
    'client.pem': ['client.pem', 'service.cert', 'user.crt'],
    'client.key': ['client.key', 'service.key', 'user.key'],
  }
  const files = new Map<string, Uint8Array>([['password', Buffer.from('my-password\n')]])
  for (const [source, names] of Object.entries(sources))
    for (const name of names) files.set(name, certificateBytes(source))
  return files
}

/** The circumstances of a login at a broker of Amazon MSK, whose name tells the region. */
export const brokerOfMsk: SaslContext = {
  host: 'b-1.demo.abc123.c2.kafka.eu-west-1.amazonaws.com',
  port: 9098,
  clientId: 'test',
  isRenewal: false,
  serviceName: 'kafka',
  signal: new AbortController().signal,
}

/** The types of the package `kerberos`, as far as the page uses them. */
export const kerberosTypes = `declare module 'kerberos' {
  export const GSS_MECH_OID_KRB5: number
  export interface KerberosClient {
    readonly username: string
    readonly response: string | null
    readonly contextComplete: boolean
    step(challenge: string): Promise<string | null>
    unwrap(challenge: string): Promise<string>
    wrap(challenge: string, options: { readonly user: string }): Promise<string>
  }
  export function initializeClient(
    service: string,
    options: { readonly mechOID: number },
  ): Promise<KerberosClient>
}
`

/** A package `kerberos` whose context takes two steps. */
export const kerberosModule = `export const GSS_MECH_OID_KRB5 = 9
const encoded = (text) => Buffer.from(text).toString('base64')
const decoded = (text) => Buffer.from(text, 'base64').toString()
export async function initializeClient(service, { mechOID }) {
  if (mechOID !== 9) throw new Error('the mechanism is not Kerberos 5')
  return {
    username: 'alice@EXAMPLE.COM',
    response: null,
    contextComplete: false,
    async step(challenge) {
      if (challenge === '') return encoded('ticket for ' + service)
      if (decoded(challenge) !== 'proof') throw new Error('the broker did not prove itself')
      this.contextComplete = true
      return null
    },
    async unwrap(challenge) {
      if (decoded(challenge) !== 'layers') throw new Error('these are no layers')
      this.response = encoded('none')
    },
    async wrap(response, { user }) {
      return encoded(decoded(response) + ' for ' + user)
    },
  }
}
`
