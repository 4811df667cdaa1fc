import { generateKeyPairSync } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { Producer, type ProducerConfig } from '../../src/index.js'
import { Printed } from '../support/printed.js'
import { OidcScene } from '../support/token-server/oidc-scene.js'
import type { AnswerFault } from '../support/token-server/token-faults.js'

/** What must be found in nothing that is printed. It is in every secret of these tests. */
const MARKER = 'marker7Q'
const keys = generateKeyPairSync('rsa', { modulusLength: 2_048 })
const [, firstKeyLine = ''] = keys.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString().split('\n')

let scene: OidcScene
let folder: string
let keyFile: string

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'odradek-oidc-secrets-'))
  keyFile = join(folder, 'client.pem')
  const cipher = { cipher: 'aes-256-cbc', passphrase: MARKER } as const
  await writeFile(keyFile, keys.privateKey.export({ type: 'pkcs8', format: 'pem', ...cipher }))
  scene = await OidcScene.start({ clientSecret: MARKER, assertionKey: keys.publicKey })
})

afterEach(async () => {
  await scene.close()
  await rm(folder, { recursive: true })
})

const SECRET = `clientId="app" clientSecret="${MARKER}"`

function withSecret(): ProducerConfig {
  return scene.properties({}, SECRET)
}

function withKey(): ProducerConfig {
  return scene.properties(
    {
      'sasl.oauthbearer.assertion.claim.iss': 'app',
      'sasl.oauthbearer.assertion.private.key.file': keyFile,
      'sasl.oauthbearer.assertion.private.key.passphrase': MARKER,
    },
    'clientId="app"',
  )
}

function withOidc(): ProducerConfig {
  const { server, cluster } = scene
  return {
    bootstrapServers: cluster.bootstrapServers,
    securityProtocol: 'SASL_PLAINTEXT',
    maxBlockMs: 10_000,
    saslLoginReadTimeoutMs: 5_000,
    saslLoginRetryBackoffMs: 1,
    saslLoginRetryBackoffMaxMs: 20,
    sasl: {
      mechanism: 'OAUTHBEARER',
      oidc: { tokenEndpointUrl: server.url, clientId: 'app', clientSecret: MARKER },
    },
  }
}

/** Runs a producer, and collects everything that it prints and gives to its user. */
async function run(given: ProducerConfig): Promise<{ printed: Printed; isSent: boolean }> {
  const printed = new Printed()
  const log = (...line: unknown[]): void => printed.add(line)
  const config = {
    ...given,
    allowedTokenUrls: [scene.server.url],
    allowedTokenFiles: [keyFile],
    logger: { debug: log, info: log, warn: log, error: log },
  }
  printed.add(config.saslJaasConfig)
  const producer = new Producer(config)
  producer.on('disconnect', (event) => printed.add(event))
  const [outcome] = await Promise.allSettled([producer.send({ topic: 'orders', value: 'v' })])
  printed.add(outcome)
  printed.add(producer)
  printed.add(scene.cluster.requests())
  await producer.close({ timeoutMs: 0 })
  printed.add(producer)
  expect(printed.length).toBeGreaterThan(10)
  return { printed, isSent: outcome?.status === 'fulfilled' }
}

/** Everything that was secret in a run. */
function secrets(): string[] {
  const { requests, token } = scene.server
  const assertions = requests.flatMap(({ form }) => form.client_assertion ?? [])
  const headers = requests.flatMap(({ authorization }) => authorization?.slice('Basic '.length) ?? [])
  return [MARKER, firstKeyLine, `app:${MARKER}`, token, ...assertions, ...headers].filter(
    (text) => text !== '',
  )
}

const forms = [
  ['a secret in a file', withSecret],
  ['sasl.oidc', withOidc],
  ['a private key', withKey],
] as const

it.each(forms)('no secret is printed of a client that works, with %s', async (_name, config) => {
  const { printed, isSent } = await run(config())
  expect(isSent).toBe(true)
  expect(scene.server.token).not.toBe('')
  expect(printed.leaks(secrets())).toEqual([])
})

const faults: readonly AnswerFault[] = [
  ...([
    'unavailable',
    'garbage',
    'no token',
    'refused',
    'silent',
    'half an answer',
    'cut off',
    'huge',
  ] as const),
]

it.each(faults)('no secret is printed when the token endpoint fails: %s', async (fault) => {
  for (const [, config] of forms) {
    scene.server.fault = fault
    const { printed, isSent } = await run({ ...config(), maxBlockMs: 500, saslLoginReadTimeoutMs: 50 })
    expect(isSent).toBe(false)
    expect(printed.leaks(secrets())).toEqual([])
  }
})

it('no secret is printed that the token endpoint repeats', async () => {
  scene.server.fault = 'repeats'
  for (const [, config] of forms) {
    const { printed, isSent } = await run(config())
    expect(isSent).toBe(false)
    expect(printed.leaks(secrets())).toEqual([])
  }
})

it.each([
  ['another audience', { aud: 'elsewhere' }],
  ['no subject', { sub: undefined }],
  ['no time', { exp: 1 }],
])('no secret is printed when a token is refused, with %s', async (_name, claims) => {
  scene.server.claims = claims
  for (const [, config] of forms) {
    const { printed, isSent } = await run(config())
    expect(isSent).toBe(false)
    expect(printed.leaks(secrets())).toEqual([])
  }
})
