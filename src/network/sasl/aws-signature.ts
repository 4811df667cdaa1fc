import { Buffer } from 'node:buffer'
import { createHash, createHmac } from 'node:crypto'

/** The keys of an AWS account or role. */
export interface AwsKeys {
  readonly accessKeyId: string
  readonly secretAccessKey: string
  /** Of temporary credentials. */
  readonly sessionToken?: string | undefined
}

/** A GET request without a body and without a path. */
export interface SignedRequest {
  readonly host: string
  readonly region: string
  /** The name of the service in signatures, such as `kafka-cluster`. */
  readonly service: string
  /** The parameters beside those of the signature, by name. */
  readonly query: Readonly<Record<string, string>>
  readonly expiresSeconds: number
}

const ALGORITHM = 'AWS4-HMAC-SHA256'

/** A URL that is signed with the keys (AWS Signature Version 4, in the query string). */
export function signedUrl(request: SignedRequest, keys: AwsKeys, wallTimeMs: number): string {
  const { host, region, service, query, expiresSeconds } = request
  const time = signatureTime(wallTimeMs)
  const scope = `${time.slice(0, 8)}/${region}/${service}/aws4_request`
  const parameters = canonicalQuery({
    ...query,
    'X-Amz-Algorithm': ALGORITHM,
    'X-Amz-Credential': `${keys.accessKeyId}/${scope}`,
    'X-Amz-Date': time,
    'X-Amz-Expires': String(expiresSeconds),
    'X-Amz-SignedHeaders': 'host',
    ...(keys.sessionToken !== undefined && { 'X-Amz-Security-Token': keys.sessionToken }),
  })
  const canonicalRequest = ['GET', '/', parameters, `host:${host}`, '', 'host', sha256('')].join('\n')
  const toSign = stringToSign(time, scope, canonicalRequest)
  const key = signingKey(keys.secretAccessKey, scope)
  return `https://${host}/?${parameters}&X-Amz-Signature=${hmac(key, toSign).toString('hex')}`
}

/** The text that is signed. */
export function stringToSign(time: string, scope: string, canonicalRequest: string): string {
  return [ALGORITHM, time, scope, sha256(canonicalRequest)].join('\n')
}

/** The key for one day, one region and one service. `scope` is `day/region/service/aws4_request`. */
export function signingKey(secretAccessKey: string, scope: string): Uint8Array {
  return scope.split('/').reduce<Uint8Array>(hmac, Buffer.from(`AWS4${secretAccessKey}`, 'utf8'))
}

/** Encodes as RFC 3986 demands. `encodeURIComponent` leaves five more characters as they are. */
export function uriEncoded(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  )
}

/** The time as signatures have it: `20260102T030405Z`. */
function signatureTime(wallTimeMs: number): string {
  return new Date(wallTimeMs).toISOString().replace(/[-:]|\.\d{3}/g, '')
}

function canonicalQuery(parameters: Readonly<Record<string, string>>): string {
  return Object.entries(parameters)
    .map(([name, value]) => `${uriEncoded(name)}=${uriEncoded(value)}`)
    .sort()
    .join('&')
}

function sha256(text: string): string {
  return createHash('sha256').update(text, 'utf8').digest('hex')
}

function hmac(key: Uint8Array, text: string): Buffer {
  return createHmac('sha256', key).update(text, 'utf8').digest()
}
