import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { inspect } from 'node:util'
import { afterEach, describe, expect, it, vi } from 'vitest'
import {
  type AwsCredentials,
  fromProperties,
  type KafkaError,
  Producer,
  type SaslConfig,
} from '../../src/index.js'
import { EmbeddedCluster, type TokenHolder } from '../../src/testing/index.js'
import { runCommandWith } from '../support/command-line.js'

const keys: AwsCredentials = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'marker-secret' }
const file = `security.protocol = SASL_PLAINTEXT
sasl.mechanism = AWS_MSK_IAM
sasl.jaas.config = software.amazon.msk.auth.iam.IAMLoginModule required awsProfileName="dev";
sasl.client.callback.handler.class = software.amazon.msk.auth.iam.IAMClientCallbackHandler
`

let cluster: EmbeddedCluster
/** The URLs in the tokens that brokers have got. */
let urls: URL[]
const producers: Producer[] = []

afterEach(async () => {
  vi.unstubAllEnvs()
  await Promise.all(producers.splice(0).map((producer) => producer.close({ timeoutMs: 0 })))
  await cluster.close()
})

/** Brokers that take a token of Amazon MSK as the service does: for the access key of one user. */
async function start(sessionLifetimeMs = 0): Promise<void> {
  urls = []
  const tokenHolder = (token: string): TokenHolder | null => {
    const url = new URL(Buffer.from(token, 'base64url').toString())
    urls.push(url)
    const [accessKeyId] = url.searchParams.get('X-Amz-Credential')?.split('/') ?? []
    return accessKeyId === keys.accessKeyId ? { username: 'role' } : null
  }
  const sasl = { mechanisms: ['OAUTHBEARER'], tokenHolder, sessionLifetimeMs } as const
  cluster = await EmbeddedCluster.start({ brokers: 1, topics: ['orders'], sasl })
}

function producer(sasl: SaslConfig, line = ''): Producer {
  const text = `bootstrap.servers=${cluster.bootstrapServers}\n${file}${line}`
  const made = new Producer(fromProperties(text, { sasl, logger: false }))
  producers.push(made)
  return made
}

describe('a producer with IAM', () => {
  it('logs in with signed tokens, and with the file of a Java client', async () => {
    await start()
    const credentials = async () => ({ ...keys, sessionToken: 'session' })
    const sasl: SaslConfig = { mechanism: 'AWS_MSK_IAM', credentials, region: 'eu-west-1' }
    await producer(sasl).send({ topic: 'orders', value: 'a' })
    expect(cluster.records('orders')).toHaveLength(1)
    expect(urls[0]?.host).toBe('kafka.eu-west-1.amazonaws.com')
    expect(urls[0]?.searchParams.get('X-Amz-Security-Token')).toBe('session')
  })

  it('is told the region, the times and the advice if the service refuses it, and no secret', async () => {
    await start()
    const credentials = () => ({ ...keys, accessKeyId: 'AKIDOTHER' })
    const sasl: SaslConfig = { mechanism: 'AWS_MSK_IAM', credentials, region: 'eu-west-1' }
    const error: KafkaError = await producer(sasl)
      .send({ topic: 'orders', value: 'a' })
      .then(
        () => Promise.reject(new Error('the record was sent')),
        (reason) => reason,
      )
    expect(error).toMatchObject({ name: 'AuthenticationError', code: 'SASL_AUTHENTICATION_FAILED' })
    expect(error.message).toContain('{"status":"invalid_token"}. The token of Amazon MSK was signed at')
    expect(error.message).toContain('check that the clock is right, that the region is that of the cluster')
    const printed = inspect(error, { depth: Number.POSITIVE_INFINITY, showHidden: true })
    const signature = urls[0]?.searchParams.get('X-Amz-Signature') ?? ''
    expect(signature).toHaveLength(64)
    for (const secret of ['marker-secret', signature]) expect(printed).not.toContain(secret)
  })

  it('that has no region fails at once with what to give', async () => {
    await start()
    const sent = producer({ mechanism: 'AWS_MSK_IAM', credentials: () => keys }).send({
      topic: 'orders',
      value: 'a',
    })
    await expect(sent).rejects.toMatchObject({ name: 'AuthenticationError', fatal: true })
    await expect(sent).rejects.toThrow("the broker's name 127.0.0.1 does not tell the region of the cluster")
  })

  it('whose credentials function fails or gives nonsense says so', async () => {
    await start()
    const failing = () => Promise.reject(new Error('Session too short'))
    const rejected = producer(
      { mechanism: 'AWS_MSK_IAM', credentials: failing, region: 'eu-west-1' },
      'max.block.ms=500\n',
    )
    await expect(rejected.send({ topic: 'orders', value: 'a' })).rejects.toThrow(
      'there are no credentials for OAUTHBEARER: Session too short',
    )
    const nonsense = () => ({ accessKeyId: 'AKIDEXAMPLE' }) as AwsCredentials
    const refused = producer({ mechanism: 'AWS_MSK_IAM', credentials: nonsense, region: 'eu-west-1' })
    await expect(refused.send({ topic: 'orders', value: 'a' })).rejects.toThrow(
      'the credentials function gave no usable AWS credentials: secretAccessKey must be a string',
    )
  })
})

describe('a command with the file of a Java client', () => {
  async function run(): Promise<{ exitCode: number; stderr: string }> {
    const folder = mkdtempSync(join(tmpdir(), 'odradek-msk-'))
    try {
      writeFileSync(join(folder, 'client.properties'), file)
      const where = ['--bootstrap-server', cluster.bootstrapServers]
      const settings = ['--command-config', join(folder, 'client.properties')]
      return await runCommandWith('a\n', 'produce', '--topic', 'orders', ...where, ...settings)
    } finally {
      rmSync(folder, { recursive: true })
    }
  }

  it('takes the credentials of the environment', async () => {
    await start()
    vi.stubEnv('AWS_ACCESS_KEY_ID', keys.accessKeyId)
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', keys.secretAccessKey)
    vi.stubEnv('AWS_SESSION_TOKEN', 'session')
    vi.stubEnv('AWS_REGION', 'eu-north-1')
    expect(await run()).toMatchObject({ exitCode: 0 })
    expect(urls[0]?.host).toBe('kafka.eu-north-1.amazonaws.com')
    expect(urls[0]?.searchParams.get('X-Amz-Security-Token')).toBe('session')
  })

  it('says which variables are missing', async () => {
    await start()
    vi.stubEnv('AWS_ACCESS_KEY_ID', undefined)
    const { exitCode, stderr } = await run()
    expect(exitCode).toBe(1)
    expect(stderr).toContain('AWS_ACCESS_KEY_ID or AWS_SECRET_ACCESS_KEY is not set')
  })
})
