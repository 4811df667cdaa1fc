import { describe, expect, it } from 'vitest'
import { AuthenticationError } from '../../../../src/errors.js'
import { type AwsCredentials, describeMskToken, mskIamTokens } from '../../../../src/network/sasl/msk-iam.js'
import type { OAuthToken } from '../../../../src/network/sasl/oauth-token.js'
import { TokenCache } from '../../../../src/network/sasl/token-cache.js'
import { SOFTWARE_VERSION } from '../../../../src/version.js'
import { firstLogin } from './login-context.js'

const T0 = Date.parse('2026-01-02T03:04:05.678Z')
const keys = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'marker-secret', sessionToken: 'marker-session' }
const broker = { ...firstLogin, host: 'b-1.demo.abc123.c2.kafka.eu-west-1.amazonaws.com' }

interface Given {
  readonly credentials?: unknown
  readonly region?: string | null
  readonly userAgent?: string | null
  readonly host?: string
}

async function tokenOf({ credentials = keys, region = null, userAgent = null, host }: Given = {}) {
  const source = async () => credentials as AwsCredentials
  const tokens = mskIamTokens({ credentials: source, region, userAgent }, { wallTime: () => T0 })
  return (await tokens({ ...broker, host: host ?? broker.host })) as OAuthToken
}

function urlIn({ value }: OAuthToken): URL {
  return new URL(Buffer.from(value, 'base64url').toString())
}

describe('a token of Amazon MSK', () => {
  it('is a signed URL in base64url, with the user agent behind the signature', async () => {
    const token = await tokenOf()
    expect(token.value).toMatch(/^[\w-]+$/)
    const url = Buffer.from(token.value, 'base64url').toString()
    expect(url).toMatch(
      new RegExp(
        `&X-Amz-Signature=[0-9a-f]{64}&User-Agent=odradek%2F${SOFTWARE_VERSION.replaceAll('.', '\\.')}$`,
      ),
    )
    expect(url).toMatch(/^https:\/\/kafka\.eu-west-1\.amazonaws\.com\/\?Action=kafka-cluster%3AConnect&/)
    expect(url).not.toContain(keys.secretAccessKey)
  })

  it('has the user agent that was given', async () => {
    expect(urlIn(await tokenOf({ userAgent: 'my app/1' })).searchParams.get('User-Agent')).toBe('my app/1')
  })

  it.each([
    ['b-2-public.demo.abc123.c2.kafka.us-east-1.amazonaws.com', 'us-east-1'],
    ['boot-abc123.c1.kafka-serverless.ap-southeast-2.amazonaws.com', 'ap-southeast-2'],
    ['b-1.demo.abc123.c2.kafka.us-gov-west-1.amazonaws.com', 'us-gov-west-1'],
    ['b-1.demo.abc123.c3.kafka.cn-north-1.amazonaws.com.cn', 'cn-north-1'],
    ['B-1.demo.abc123.c3.KAFKA.eu-north-1.amazonaws.com.', 'eu-north-1'],
  ])('for the broker %s is signed for %s', async (host, region) => {
    expect(urlIn(await tokenOf({ host })).host).toBe(`kafka.${region}.amazonaws.com`)
  })

  it('is signed for the region that was given, whatever the name of the broker', async () => {
    const url = urlIn(await tokenOf({ host: 'kafka.internal', region: 'eu-central-1' }))
    expect(url.searchParams.get('X-Amz-Credential')).toContain('/eu-central-1/kafka-cluster/')
  })

  it.each([
    'kafka.internal',
    '10.0.0.1',
    'kafka.eu-west-1.amazonaws.com.evil.example',
    'x.kafka.a.amazonaws.com',
  ])('needs a region for the broker %s', async (host) => {
    const refused = tokenOf({ host })
    await expect(refused).rejects.toBeInstanceOf(AuthenticationError)
    await expect(refused).rejects.toThrow(`the broker's name ${host} does not tell the region`)
    await expect(refused).rejects.toThrow("region: 'eu-west-1'")
  })

  it('lives for 15 minutes', async () => {
    expect(await tokenOf()).toMatchObject({ issuedAtMs: T0, expiresAtMs: T0 + 900_000 })
  })

  it('ends with its credentials', async () => {
    const expiration = new Date(T0 + 300_000)
    expect(await tokenOf({ credentials: { ...keys, expiration } })).toMatchObject({
      expiresAtMs: T0 + 300_000,
    })
  })

  it('is not made of credentials that have expired, and the error has both clocks', async () => {
    const refused = tokenOf({ credentials: { ...keys, expiration: new Date(T0) } })
    await expect(refused).rejects.toBeInstanceOf(AuthenticationError)
    await expect(refused).rejects.toThrow(
      "expired at 2026-01-02T03:04:05.678Z, and this machine's clock says 2026-01-02T03:04:05.678Z: ask for new ones, and compare the clocks",
    )
  })

  it.each([
    [null, 'they are an object with accessKeyId and secretAccessKey'],
    ['marker-secret', 'they are an object'],
    [{}, 'accessKeyId must be a string'],
    [{ accessKeyId: '', secretAccessKey: 'marker-secret' }, 'accessKeyId must not be empty'],
    [{ accessKeyId: 'AKIDEXAMPLE' }, 'secretAccessKey must be a string'],
    [{ ...keys, sessionToken: 1 }, 'sessionToken must be a string'],
    [{ ...keys, expiration: '2030-01-01' }, 'expiration must be a Date'],
    [{ ...keys, expiration: new Date('nonsense') }, 'expiration must be a Date'],
  ])('is not made of the credentials %j', async (credentials, problem) => {
    const refused = tokenOf({ credentials })
    await expect(refused).rejects.toBeInstanceOf(AuthenticationError)
    await expect(refused).rejects.toThrow(problem)
    await expect(refused).rejects.not.toThrow('marker')
  })

  it('asks for credentials anew each time', async () => {
    let nowMs = T0
    const clock = { wallTime: () => nowMs }
    const asked: number[] = []
    const credentials = () => {
      asked.push(nowMs - T0)
      return { ...keys, expiration: new Date(nowMs + 3_600_000) }
    }
    const tokens = new TokenCache(
      mskIamTokens({ credentials, region: null, userAgent: null }, clock),
      { windowFactor: 0.8, windowJitter: 0, minPeriodMs: 60_000, bufferMs: 300_000 },
      { clock, random: () => 0 },
      () => {},
    )
    for (; nowMs < T0 + 1_800_000; nowMs += 60_000) {
      const { token } = await tokens.tokenFor(broker)
      expect(token.expiresAtMs).toBeGreaterThan(nowMs)
    }
    // Five minutes before the end of each token.
    expect(asked).toEqual([0, 600_000, 1_200_000])
  })
})

describe('a refused token of Amazon MSK', () => {
  it('is explained by its time, its region and the clock, and is not shown', async () => {
    const { value } = await tokenOf()
    const text = describeMskToken(value, T0 + 3_600_000)
    expect(text).toContain('was signed at 20260102T030405Z for the region eu-west-1')
    expect(text).toContain("this machine's clock says 2026-01-02T04:04:05.678Z")
    expect(text).toContain('the policy of the credentials allows kafka-cluster:Connect')
    const signature = urlIn({ value }).searchParams.get('X-Amz-Signature') ?? 'none'
    for (const secret of [value, signature, keys.sessionToken, keys.accessKeyId])
      expect(text).not.toContain(secret)
  })

  it('may be no token of Amazon MSK at all', () => {
    for (const value of ['', 'abc', 'a.b.c']) expect(describeMskToken(value, T0)).toContain('(unknown)')
  })
})
