import { Buffer } from 'node:buffer'
import type { Clock } from '../../environment/clock.js'
import { AuthenticationError } from '../../errors.js'
import { SOFTWARE_NAME, SOFTWARE_VERSION } from '../../version.js'
import { type AwsKeys, signedUrl, uriEncoded } from './aws-signature.js'
import type { SaslContext } from './mechanism.js'
import type { OAuthTokenFunction } from './oauth-token.js'

/** Credentials of AWS, in the form of the AWS SDK. */
export interface AwsCredentials extends AwsKeys {
  readonly accessKeyId: string
  readonly secretAccessKey: string
  /** The session token of temporary credentials. */
  readonly sessionToken?: string | undefined
  /** When temporary credentials end. A token made of them ends then too. */
  readonly expiration?: Date | undefined
}

/**
 * Gives credentials of AWS. It is called anew for each token, so temporary credentials are never used for
 * longer than it gives them. The provider functions of the AWS SDK are such functions.
 */
export type AwsCredentialsFunction = (context: SaslContext) => AwsCredentials | Promise<AwsCredentials>

/** How tokens for Amazon MSK are made. */
export interface MskIamOptions {
  readonly credentials: AwsCredentialsFunction
  /** The region of the cluster; null if the broker's name tells it. */
  readonly region: string | null
  /** Added to the token, so that AWS's logs show it; null for this client's name and version. */
  readonly userAgent: string | null
}

/** The longest life that Amazon MSK allows. */
const TOKEN_SECONDS = 900

/** The names that Amazon MSK gives to brokers. */
const BROKER_NAME = /(?:^|\.)kafka(?:-serverless)?\.([a-z]{2}(?:-[a-z]+)+-\d+)\.amazonaws\.com(?:\.cn)?\.?$/

/**
 * Tokens for Amazon MSK: signed URLs that the service checks with IAM. They go into OAUTHBEARER, which every
 * cluster with IAM takes.
 */
export function mskIamTokens(
  { credentials, region, userAgent }: MskIamOptions,
  clock: Pick<Clock, 'wallTime'>,
): OAuthTokenFunction {
  return async (context) => {
    const signingRegion = region ?? regionOf(context.host)
    const given = usableCredentials(await credentials(context))
    const issuedAtMs = clock.wallTime()
    const endMs = given.expiration?.getTime() ?? Number.POSITIVE_INFINITY
    if (endMs <= issuedAtMs)
      throw new AuthenticationError(
        `the credentials function gave AWS credentials that expired at ${instant(endMs)}, and this machine's clock says ${instant(issuedAtMs)}: ask for new ones, and compare the clocks`,
      )
    const url = signedUrl(
      {
        host: `kafka.${signingRegion}.amazonaws.com`,
        region: signingRegion,
        service: 'kafka-cluster',
        query: { Action: 'kafka-cluster:Connect' },
        expiresSeconds: TOKEN_SECONDS,
      },
      given,
      issuedAtMs,
    )
    // The user agent is not signed.
    const agent = uriEncoded(userAgent ?? `${SOFTWARE_NAME}/${SOFTWARE_VERSION}`)
    const value = Buffer.from(`${url}&User-Agent=${agent}`, 'utf8').toString('base64url')
    return { value, issuedAtMs, expiresAtMs: Math.min(endMs, issuedAtMs + TOKEN_SECONDS * 1_000) }
  }
}

/** What may be wrong with a refused token, beside this machine's clock. The token itself is not shown. */
export function describeMskToken(token: string, wallTimeMs: number): string {
  const [, query] = Buffer.from(token, 'base64url').toString('utf8').split('?')
  const parameters = new URLSearchParams(query)
  const signedAt = parameters.get('X-Amz-Date') ?? '(unknown)'
  const [, , region = '(unknown)'] = parameters.get('X-Amz-Credential')?.split('/') ?? []
  return [
    `the token of Amazon MSK was signed at ${signedAt} for the region ${region}, and this machine's clock says ${instant(wallTimeMs)}`,
    'check that the clock is right, that the region is that of the cluster, and that the policy of the credentials allows kafka-cluster:Connect',
  ].join(': ')
}

function regionOf(host: string): string {
  const region = BROKER_NAME.exec(host.toLowerCase())?.[1]
  if (region !== undefined) return region
  throw new AuthenticationError(
    `the broker's name ${host} does not tell the region of the cluster: give it, as in sasl: { mechanism: 'AWS_MSK_IAM', credentials, region: 'eu-west-1' }`,
  )
}

/** @throws AuthenticationError that says what is wrong, and shows no value */
function usableCredentials(given: unknown): AwsCredentials {
  if (typeof given !== 'object' || given === null)
    throw wrong('they are an object with accessKeyId and secretAccessKey')
  const { accessKeyId, secretAccessKey, sessionToken, expiration } = given as Record<string, unknown>
  for (const [name, value] of Object.entries({ accessKeyId, secretAccessKey })) {
    if (typeof value !== 'string') throw wrong(`${name} must be a string`)
    if (value === '') throw wrong(`${name} must not be empty`)
  }
  if (sessionToken !== undefined && (typeof sessionToken !== 'string' || sessionToken === ''))
    throw wrong('sessionToken must be a string that is not empty, or be left out')
  if (expiration !== undefined && !isDate(expiration)) throw wrong('expiration must be a Date')
  return given as AwsCredentials
}

/** Accepts a date of another realm too. The sandbox of a test runner is one. */
function isDate(value: unknown): boolean {
  return Object.prototype.toString.call(value) === '[object Date]' && !Number.isNaN(Number(value))
}

function wrong(what: string): AuthenticationError {
  return new AuthenticationError(`the credentials function gave no usable AWS credentials: ${what}`)
}

function instant(ms: number): string {
  return new Date(ms).toISOString()
}
