import type { Secret } from '../secret.js'
import type { TlsOptions, TlsOptionsFunction } from '../tls/tls-options.js'

/**
 * Where tokens for OAUTHBEARER come from, as Java's settings `sasl.oauthbearer.*` say it (KIP-768, KIP-1139,
 * KIP-1258). The URL must be in `allowedTokenUrls` too, and each file in `allowedTokenFiles`.
 *
 * With `clientId` and `clientSecret` the client proves itself by the secret. With `assertionFile`, or with
 * `assertionClaimIss` and `assertionPrivateKeyFile`, it proves itself by a signed assertion.
 */
export interface OidcConfig {
  /** The token endpoint (https, or http), or a `file:` URL of a file with a token. */
  readonly tokenEndpointUrl: string
  /**
   * The way to a token, by the name of Java's class. The default is `DefaultJwtRetriever`: a file for a
   * `file:` URL, otherwise client credentials.
   */
  readonly jwtRetriever?:
    | 'DefaultJwtRetriever'
    | 'ClientCredentialsJwtRetriever'
    | 'FileJwtRetriever'
    | 'JwtBearerJwtRetriever'
    | undefined
  /** The check of a token's form. There is one, by two names. The default is `DefaultJwtValidator`. */
  readonly jwtValidator?: 'DefaultJwtValidator' | 'ClientJwtValidator' | undefined
  readonly clientId?: string | undefined
  readonly clientSecret?: string | Secret | undefined
  /** The scope to ask for. */
  readonly scope?: string | undefined
  /** Whether the id and the secret are form-encoded before they go into the header. The default is false. */
  readonly headerUrlencode?: boolean | undefined
  /** The algorithm that signs assertions. The default is RS256. */
  readonly assertionAlgorithm?: 'RS256' | 'ES256' | undefined
  /** The claim `aud` of assertions: mostly the URL of the token endpoint. */
  readonly assertionClaimAud?: string | undefined
  /** The claim `iss` of assertions: mostly the client id. */
  readonly assertionClaimIss?: string | undefined
  /** The claim `sub` of assertions: mostly the client id. */
  readonly assertionClaimSub?: string | undefined
  /** How long an assertion is valid, in seconds from 0 to 86,400. The default is 300. */
  readonly assertionClaimExpSeconds?: number | undefined
  /** How long before its making an assertion is valid, in seconds from 0 to 3,600. The default is 60. */
  readonly assertionClaimNbfSeconds?: number | undefined
  /** Whether assertions have a random id. The default is false. */
  readonly assertionClaimJtiInclude?: boolean | undefined
  /** A file with an assertion that is signed already. */
  readonly assertionFile?: string | undefined
  /** The file with the private key (PEM) that signs assertions. */
  readonly assertionPrivateKeyFile?: string | undefined
  readonly assertionPrivateKeyPassphrase?: string | Secret | undefined
  /** A file of JSON with members for the `header` and the `payload` of assertions. */
  readonly assertionTemplateFile?: string | undefined
  /** The claim of a token with its scope. The default is `scope`. */
  readonly scopeClaimName?: string | undefined
  /** The claim of a token with its subject. The default is `sub`. */
  readonly subClaimName?: string | undefined
  /** SASL extensions for the broker (KIP-342), such as `logicalCluster`. */
  readonly extensions?: Readonly<Record<string, string>> | undefined
  /** TLS of connections to the token endpoint. The setting `tls` is for brokers only. */
  readonly tls?: TlsOptions | TlsOptionsFunction | undefined
}
