import { generateKeyPairSync } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import {
  AuthenticationError,
  fromProperties,
  type KafkaError,
  type ProducerConfig,
} from '../../../src/index.js'
import { certificateFile, certificateText } from '../../support/certificates/certificates.js'
import { runCommandWith } from '../../support/command-line.js'
import { describeWithOwnKafka } from '../../support/kafka/describe-kafka.js'
import { saslKafka } from '../../support/kafka/sasl-listener.js'
import { tlsListener } from '../../support/kafka/tls-listener.js'
import { uniqueTopic, withProducer } from '../../support/kafka/with-producer.js'
import { TokenServer } from '../../support/token-server/token-server.js'

const keys = generateKeyPairSync('rsa', { modulusLength: 2_048 })
const server = await TokenServer.start({ assertionKey: keys.publicKey })
const LISTENER = 'listener.name.secure'
const PACKAGE = 'org.apache.kafka.common.security.oauthbearer'

/** A broker that checks the signature, the audience, the issuer and the times of tokens. */
const validating = {
  ...tlsListener('secure', 'broker'),
  [`${LISTENER}.oauthbearer.sasl.jaas.config`]: `${PACKAGE}.OAuthBearerLoginModule required;`,
  [`${LISTENER}.oauthbearer.sasl.server.callback.handler.class`]: `${PACKAGE}.OAuthBearerValidatorCallbackHandler`,
  [`${LISTENER}.oauthbearer.sasl.oauthbearer.jwks.endpoint.url`]: server.keysUrl,
  [`${LISTENER}.oauthbearer.sasl.oauthbearer.expected.audience`]: 'kafka',
  [`${LISTENER}.oauthbearer.sasl.oauthbearer.expected.issuer`]: 'http://127.0.0.1/test',
}

const kafkaOptions = {
  ...saslKafka(validating, 'SASL_SSL'),
  env: { JAVA_TOOL_OPTIONS: `-Dorg.apache.kafka.sasl.oauthbearer.allowed.urls=${server.keysUrl}` },
}

afterAll(() => server.close())

await describeWithOwnKafka('a listener that checks tokens of a token server', kafkaOptions, (kafka) => {
  let folder: string
  let keyFile: string
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'odradek-oidc-'))
    keyFile = join(folder, 'client.pem')
    await writeFile(keyFile, keys.privateKey.export({ type: 'pkcs8', format: 'pem' }), { mode: 0o600 })
  })
  afterAll(() => rm(folder, { recursive: true }))
  beforeEach(() => {
    server.requests.length = 0
    server.claims = {}
    server.lifetimeSeconds = 300
  })

  /** Allowed by the program, and by nothing in the file. */
  const allowed = { allowedTokenUrls: [server.url] }

  /** A file as Confluent publishes it, for this cluster. */
  const properties = (login: readonly string[]): string =>
    [
      `bootstrap.servers=${kafka().secureBootstrapServers.join(',')}`,
      'security.protocol=SASL_SSL',
      'ssl.truststore.type=PEM',
      `ssl.truststore.location=${certificateFile('root.pem')}`,
      'sasl.mechanism=OAUTHBEARER',
      `sasl.login.callback.handler.class=${PACKAGE}.OAuthBearerLoginCallbackHandler`,
      `sasl.oauthbearer.token.endpoint.url=${server.url}`,
      ...login,
    ].join('\n')

  const secret = [
    `sasl.jaas.config=${PACKAGE}.OAuthBearerLoginModule required \\`,
    "  clientId='app' \\",
    "  clientSecret='app-secret' \\",
    "  scope='kafka' \\",
    "  extension_logicalCluster='lkc-1' \\",
    "  extension_identityPoolId='pool-1';",
  ]

  const config = (login: readonly string[]): ProducerConfig => ({
    ...fromProperties(properties(login), { logger: false }),
    ...allowed,
    allowedTokenFiles: [keyFile],
  })

  async function deliver(given: ProducerConfig): Promise<void> {
    const topic = uniqueTopic('oidc')
    const { offset } = await withProducer(given, (producer) => producer.send({ topic, value: 'v' }))
    expect(offset).toBe(0n)
  }

  const failure = (given: ProducerConfig): Promise<KafkaError> =>
    deliver(given).then(
      () => {
        throw new Error('the record was sent')
      },
      (error) => error,
    )

  it('takes client credentials with a secret and extensions, from a file of settings', async () => {
    await deliver(config(secret))
    expect(server.requests.map(({ form }) => form)).toEqual([
      { grant_type: 'client_credentials', scope: 'kafka' },
    ])
  })

  it('takes client credentials of sasl.oidc', async () => {
    await deliver({
      bootstrapServers: kafka().secureBootstrapServers,
      securityProtocol: 'SASL_SSL',
      tls: { ca: certificateText('root.pem') },
      sasl: {
        mechanism: 'OAUTHBEARER',
        oidc: { tokenEndpointUrl: server.url, clientId: 'app', clientSecret: 'app-secret' },
      },
      ...allowed,
      logger: false,
    })
  })

  it('takes client credentials from the command line, which allows the URL', async () => {
    const file = join(folder, 'client.properties')
    await writeFile(file, properties(secret))
    const produce = ['produce', '--command-config', file, '--topic', uniqueTopic('oidc-command')]
    const refused = await runCommandWith('v\n', ...produce)
    expect(refused.exitCode).not.toBe(0)
    expect(refused.stderr).toContain(`--allow-token-url '${server.url}' on the command line`)
    expect(server.requests).toEqual([])
    const produced = await runCommandWith('v\n', ...produce, '--allow-token-url', server.url)
    expect(produced).toMatchObject({ exitCode: 0 })
  })

  const assertion = () => [
    `sasl.jaas.config=${PACKAGE}.OAuthBearerLoginModule required;`,
    'sasl.oauthbearer.scope=kafka',
    'sasl.oauthbearer.assertion.claim.iss=app',
    'sasl.oauthbearer.assertion.claim.sub=app',
    `sasl.oauthbearer.assertion.claim.aud=${server.url}`,
    `sasl.oauthbearer.assertion.private.key.file=${keyFile}`,
  ]

  it('takes client credentials with an assertion', async () => {
    await deliver(config(assertion()))
    expect(server.requests[0]?.form).toMatchObject({ grant_type: 'client_credentials', scope: 'kafka' })
    expect(server.requests[0]?.form.client_assertion).toMatch(/^ey/)
  })

  it('takes a JWT as the grant', async () => {
    const retriever = `sasl.oauthbearer.jwt.retriever.class=${PACKAGE}.JwtBearerJwtRetriever`
    await deliver(config([...assertion(), retriever]))
    expect(server.requests[0]?.form.grant_type).toBe('urn:ietf:params:oauth:grant-type:jwt-bearer')
  })

  it.each([
    ['another audience', { aud: 'elsewhere' }, 'audience elsewhere'],
    ['another issuer', { iss: 'http://elsewhere' }, 'issuer http://elsewhere'],
  ])('refuses a token of %s, and the error has its claims', async (_name, claims, told) => {
    server.claims = claims
    const error = await failure(config(secret))
    expect(error).toBeInstanceOf(AuthenticationError)
    expect(error).toMatchObject({ code: 'SASL_AUTHENTICATION_FAILED', fatal: true })
    expect(error.message).toContain('the broker refused the OAUTHBEARER login: {"status":"invalid_token"}')
    expect(error.message).toContain(told)
  })

  it('refuses a token that has expired, and the error has both times', async () => {
    const { sasl: _, ...given } = config(secret)
    const token = () => ({ value: server.sign({ exp: 1_000_000_000 }), expiresAtMs: Date.now() + 60_000 })
    const error = await failure({
      bootstrapServers: given.bootstrapServers,
      securityProtocol: 'SASL_SSL',
      tls: { ca: certificateText('root.pem') },
      sasl: { mechanism: 'OAUTHBEARER', token },
      logger: false,
    })
    expect(error.message).toContain('{"status":"invalid_token"}')
    expect(error.message).toContain('expires 2001-09-09T01:46:40.000Z')
  })

  it('is sent no token of the server that has expired already', async () => {
    server.lifetimeSeconds = -60
    const error = await failure(config(secret))
    expect(error.message).toContain('the source of tokens gave a token that expired at ')
  })

  it('sees a new token before each session ends, and no connection is closed', async () => {
    server.lifetimeSeconds = 4
    const topic = uniqueTopic('oidc-sessions')
    const failures: string[] = []
    const given = config([...secret, 'sasl.login.refresh.min.period.seconds=0'])
    await withProducer(given, async (producer) => {
      producer.on('disconnect', ({ error }) => void (error !== undefined && failures.push(error.message)))
      while (server.requests.length < 4) await producer.send({ topic, value: 'v' })
    })
    expect(failures).toEqual([])
  })
})
