import { fileURLToPath } from 'node:url'
import { ConfigError } from '../../errors.js'
import type { Secret } from '../secret.js'
import { quoted, shortened } from '../words.js'
import type { OidcField, OidcValues } from './oidc-fields.js'

/** A URL or a file that settings name. */
export interface NamedResource {
  readonly kind: 'url' | 'file'
  /** The setting that names it. */
  readonly key: string
  readonly name: string
}

/** Where the assertions of a client come from. */
export type AssertionSource =
  | { readonly kind: 'file'; readonly path: string }
  | {
      readonly kind: 'made'
      readonly privateKeyFile: string
      readonly templateFile: string | null
    }

/** Where tokens come from: the one meaning that the settings have together. */
export type OidcSource =
  | { readonly kind: 'file'; readonly path: string }
  | {
      readonly kind: 'client-secret'
      readonly url: string
      readonly clientId: string
      readonly clientSecret: Secret
    }
  | {
      readonly kind: 'client-assertion' | 'jwt-bearer'
      readonly url: string
      readonly assertion: AssertionSource
    }

/** The name of a field in errors: that of the setting, or that in `sasl.oidc`. */
export type NameOf = (field: OidcField) => string

/** The package of Java's classes. Their names may stand without it. */
const PACKAGE = 'org.apache.kafka.common.security.oauthbearer.'
const RETRIEVERS = [
  'DefaultJwtRetriever',
  'ClientCredentialsJwtRetriever',
  'FileJwtRetriever',
  'JwtBearerJwtRetriever',
] as const
const VALIDATORS = ['DefaultJwtValidator', 'ClientJwtValidator'] as const

/**
 * Finds the meaning of the settings, in Java's order: an assertion in a file, then one that is made, then a
 * secret.
 *
 * @throws ConfigError for settings that are missing or contradict each other
 */
export function oidcSource(values: OidcValues, nameOf: NameOf): OidcSource {
  classIn(VALIDATORS, nameOf('jwtValidator'), values.jwtValidator)
  const retriever = classIn(RETRIEVERS, nameOf('jwtRetriever'), values.jwtRetriever)
  const key = nameOf('tokenEndpointUrl')
  const url = parsed(key, values.tokenEndpointUrl)
  const isFile = url.protocol === 'file:'
  if (isFile && (retriever === 'DefaultJwtRetriever' || retriever === 'FileJwtRetriever'))
    return { kind: 'file', path: pathOf(key, url) }
  if (isFile || retriever === 'FileJwtRetriever')
    refuse(key, `must be a URL of ${isFile ? 'https or http' : 'file'} with ${retriever}`)
  const endpoint = { url: values.tokenEndpointUrl ?? '' }
  if (retriever === 'JwtBearerJwtRetriever')
    return { ...endpoint, kind: 'jwt-bearer', assertion: assertionSource(values, nameOf) }
  if (values.assertionFile !== null || values.assertionClaimIss !== null)
    return { ...endpoint, kind: 'client-assertion', assertion: assertionSource(values, nameOf) }
  return { ...endpoint, kind: 'client-secret', ...credentials(values, nameOf) }
}

/** The URL and the files that a source needs. */
export function resourcesOf(source: OidcSource, nameOf: NameOf): readonly NamedResource[] {
  const file = (field: OidcField, name: string | null): readonly NamedResource[] =>
    name === null ? [] : [{ kind: 'file', key: nameOf(field), name }]
  if (source.kind === 'file') return file('tokenEndpointUrl', source.path)
  const endpoint: NamedResource = { kind: 'url', key: nameOf('tokenEndpointUrl'), name: source.url }
  if (source.kind === 'client-secret') return [endpoint]
  const { assertion } = source
  if (assertion.kind === 'file') return [endpoint, ...file('assertionFile', assertion.path)]
  return [
    endpoint,
    ...file('assertionPrivateKeyFile', assertion.privateKeyFile),
    ...file('assertionTemplateFile', assertion.templateFile),
  ]
}

function classIn<Name extends string>(names: readonly Name[], key: string, given: string): Name {
  const name = given.startsWith(PACKAGE) ? given.slice(PACKAGE.length) : given
  const found = names.find((known) => known === name)
  return found ?? refuse(key, `must be ${names.join(', ')}, got ${quoted(shortened(given))}`)
}

function parsed(key: string, text: string | null): URL {
  if (text === null || text === '') refuse(key, 'is missing: it is the URL that tokens come from')
  let url: URL
  try {
    url = new URL(text)
  } catch {
    refuse(key, 'is no complete URL, such as https://idp.example.com/oauth2/token')
  }
  if (!['https:', 'http:', 'file:'].includes(url.protocol))
    refuse(key, `must begin with https://, http:// or file:, got ${quoted(shortened(url.protocol))}`)
  if (url.username !== '' || url.password !== '')
    refuse(
      key,
      'must have no user name and no password: the client id and the secret have their own settings',
    )
  return url
}

function pathOf(key: string, url: URL): string {
  try {
    return fileURLToPath(url)
  } catch {
    return refuse(key, 'names no file of this machine: write file:///absolute/path')
  }
}

function credentials(
  { clientId, clientSecret, assertionPrivateKeyFile, headerUrlencode }: OidcValues,
  nameOf: NameOf,
): { readonly clientId: string; readonly clientSecret: Secret } {
  if (clientId === null || clientId.trim() === '') {
    if (assertionPrivateKeyFile !== null)
      refuse(nameOf('assertionClaimIss'), `is missing: ${nameOf('assertionPrivateKeyFile')} needs it`)
    refuse(nameOf('clientId'), 'is missing: the token endpoint wants to know the client')
  }
  if (clientSecret === null || clientSecret.reveal().trim() === '')
    refuse(
      nameOf('clientSecret'),
      `is missing: the client proves itself by it, or by ${nameOf('assertionFile')} or ${nameOf('assertionClaimIss')}`,
    )
  // The first colon ends the id in a Basic header (RFC 7617, 2).
  if (clientId.includes(':') && !headerUrlencode)
    refuse(nameOf('clientId'), `has a colon: set ${nameOf('headerUrlencode')} to true`)
  return { clientId, clientSecret }
}

function assertionSource(values: OidcValues, nameOf: NameOf): AssertionSource {
  const { assertionFile, assertionPrivateKeyFile, assertionTemplateFile } = values
  if (assertionFile !== null) return { kind: 'file', path: assertionFile }
  if (assertionPrivateKeyFile === null)
    refuse(
      nameOf('assertionPrivateKeyFile'),
      `is missing: it signs the assertions, unless ${nameOf('assertionFile')} has one`,
    )
  return { kind: 'made', privateKeyFile: assertionPrivateKeyFile, templateFile: assertionTemplateFile }
}

function refuse(key: string, reason: string): never {
  throw new ConfigError(key, `${key} ${reason}`)
}
