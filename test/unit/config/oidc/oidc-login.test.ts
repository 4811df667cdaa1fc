import { generateKeyPairSync, verify } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import type { HttpRequest, PostHttp } from '../../../../src/environment/http.js'
import { ConfigError } from '../../../../src/errors.js'
import type { SaslMechanism } from '../../../../src/network/sasl/mechanism.js'
import { FilesInMemory } from '../../../support/files-in-memory.js'
import { loginClient, loginEnvironment } from '../../../support/login-client.js'
import { firstLogin, text } from '../../network/sasl/login-context.js'
import { CANARY, type Given, MODULE, resolved, URL_OF_TOKENS, withSecret } from './oidc-config.js'

// Short keys are made in a tenth of the time.
const modulusLength = 1_024
const rsa = generateKeyPairSync('rsa', { modulusLength })
const p256 = generateKeyPairSync('ec', { namedCurve: 'P-256' })
const plain = { type: 'pkcs8', format: 'pem' } as const
const encrypted = { ...plain, cipher: 'aes-256-cbc', passphrase: CANARY } as const

function encoded(json: object): string {
  return Buffer.from(JSON.stringify(json)).toString('base64url')
}

const TOKEN = `${encoded({ alg: 'RS256' })}.${encoded({ sub: 'app', exp: 9_000_000_000 })}.c2ln`

const signing: Given = {
  saslMechanism: 'OAUTHBEARER',
  saslOauthbearerTokenEndpointUrl: URL_OF_TOKENS,
  saslOauthbearerAssertionClaimIss: 'app',
  saslOauthbearerAssertionClaimSub: 'app',
  saslOauthbearerAssertionClaimAud: 'idp',
  saslOauthbearerAssertionPrivateKeyFile: '/key',
  allowedTokenUrls: [URL_OF_TOKENS],
  allowedTokenFiles: ['/key', '/template', '/jwt', '/token'],
}

/** A client with a token endpoint that always answers. */
class World {
  readonly files = new FilesInMemory()
  readonly requests: HttpRequest[] = []
  readonly warnings: string[] = []
  readonly #postHttp: PostHttp = async (request) => {
    this.requests.push(request)
    return { status: 200, body: Buffer.from(JSON.stringify({ access_token: TOKEN })) }
  }

  mechanism(given: Given): SaslMechanism {
    const { sasl } = resolved(given).config
    if (sasl === null) throw new Error('there is no login')
    const { files } = this
    const logger = { ...loginClient.logger, warn: (message: string) => void this.warnings.push(message) }
    return sasl.make(loginEnvironment({ files, postHttp: this.#postHttp }), { ...loginClient, logger })
  }

  async firstMessage(given: Given): Promise<string> {
    const login = await this.mechanism(given).start(firstLogin)
    return text((await login.next(null)) ?? null) ?? ''
  }

  get form(): URLSearchParams {
    return new URLSearchParams(this.requests.at(-1)?.body)
  }

  refusal(given: Given): ConfigError {
    try {
      this.mechanism(given)
    } catch (error) {
      if (error instanceof ConfigError) return error
    }
    throw new Error('nothing was refused')
  }
}

describe('the token of an endpoint', () => {
  it('is sent to the broker, with the extensions', async () => {
    const world = new World()
    const saslJaasConfig = `${MODULE} required clientId="app" clientSecret="s" extension_logicalCluster="lkc-1" extension_identityPoolId="pool-1";`
    expect(await world.firstMessage({ ...withSecret, saslJaasConfig })).toBe(
      `n,,\x01auth=Bearer ${TOKEN}\x01logicalCluster=lkc-1\x01identityPoolId=pool-1\x01\x01`,
    )
    expect(world.requests[0]?.url).toBe(URL_OF_TOKENS)
  })

  it('may take all its times together', () => {
    expect(new World().mechanism(withSecret).startTimeoutMs).toBe(30_000)
  })

  it.each([
    [
      'http://idp.example/token',
      [
        'saslOauthbearerTokenEndpointUrl is a URL of http: the credentials and the token are sent unencrypted. Use https',
      ],
    ],
    ['http://127.0.0.1:8080/token', []],
    ['http://[::1]/token', []],
    ['http://localhost/token', []],
    ['https://idp.example/token', []],
  ])('at %s causes the warnings %j', (url, warnings) => {
    const world = new World()
    world.mechanism({ ...withSecret, saslOauthbearerTokenEndpointUrl: url, allowedTokenUrls: [url] })
    expect(world.warnings).toEqual(warnings)
  })
})

describe('an assertion', () => {
  it.each([
    ['RS256', rsa],
    ['ES256', p256],
  ] as const)('is signed with %s by the key in a file', async (algorithm, { privateKey, publicKey }) => {
    const world = new World()
    world.files.write('/key', privateKey.export(plain).toString())
    await world.firstMessage({ ...signing, saslOauthbearerAssertionAlgorithm: algorithm })
    expect(world.form.get('grant_type')).toBe('client_credentials')
    const [header = '', payload = '', signature = ''] = (world.form.get('client_assertion') ?? '').split('.')
    expect(JSON.parse(Buffer.from(payload, 'base64url').toString())).toMatchObject({ iss: 'app', aud: 'idp' })
    const key = { key: publicKey, dsaEncoding: 'ieee-p1363' } as const
    const bytes = Buffer.from(`${header}.${payload}`)
    expect(verify('sha256', bytes, key, Buffer.from(signature, 'base64url'))).toBe(true)
  })

  it('is signed by an encrypted key, as the grant, with the members of a template', async () => {
    const world = new World()
    world.files.write('/key', rsa.privateKey.export(encrypted).toString())
    world.files.write('/template', '{"header":{"kid":"k1"}}')
    await world.firstMessage({
      ...signing,
      saslOauthbearerJwtRetrieverClass: 'JwtBearerJwtRetriever',
      saslOauthbearerAssertionPrivateKeyPassphrase: CANARY,
      saslOauthbearerAssertionTemplateFile: '/template',
    })
    expect(world.form.get('grant_type')).toBe('urn:ietf:params:oauth:grant-type:jwt-bearer')
    const [header = ''] = (world.form.get('assertion') ?? '').split('.')
    expect(JSON.parse(Buffer.from(header, 'base64url').toString())).toHaveProperty('kid', 'k1')
  })

  it('may be in a file, which is read for each token and goes before a key and a secret', async () => {
    const world = new World()
    world.files.write('/jwt', ' first.asser.tion\n')
    const given = {
      ...signing,
      saslOauthbearerAssertionFile: '/jwt',
      saslJaasConfig: `${MODULE} required clientId="app" clientSecret="${CANARY}";`,
    }
    const mechanism = world.mechanism(given)
    world.files.write('/jwt', 'second.asser.tion')
    await mechanism.start(firstLogin)
    expect(world.form.get('client_assertion')).toBe('second.asser.tion')
    expect(world.form.get('client_id')).toBe('app')
    expect(world.requests[0]?.headers).not.toHaveProperty('Authorization')
  })

  it('is signed by the key that the file has at the time', async () => {
    const world = new World()
    world.files.write(
      '/key',
      generateKeyPairSync('rsa', { modulusLength }).privateKey.export(plain).toString(),
    )
    const mechanism = world.mechanism(signing)
    world.files.write('/key', rsa.privateKey.export(plain).toString())
    await mechanism.start(firstLogin)
    const [header, payload, signature = ''] = (world.form.get('client_assertion') ?? '').split('.')
    const bytes = Buffer.from(`${header}.${payload}`)
    expect(verify('sha256', bytes, rsa.publicKey, Buffer.from(signature, 'base64url'))).toBe(true)
  })

  it('waits for a key file that is half written', async () => {
    const world = new World()
    world.files.write('/key', rsa.privateKey.export(plain).toString())
    const mechanism = world.mechanism(signing)
    world.files.write('/key', '-----BEGIN PRIVATE KEY-----\nAAAA')
    await expect(mechanism.start(firstLogin)).rejects.toThrow('has a private key that is damaged')
    world.files.write('/key', rsa.privateKey.export(plain).toString())
    await expect(mechanism.start(firstLogin)).resolves.toBeDefined()
  })

  it('of a key that others may read causes a warning', () => {
    const world = new World()
    world.files.write('/key', rsa.privateKey.export(plain).toString())
    world.files.isReadableByOthers = true
    world.mechanism(signing)
    expect(world.warnings).toEqual([
      "saslOauthbearerAssertionPrivateKeyFile '/key' has a private key, and other users may read the file",
    ])
  })
})

describe('a file that cannot be used is refused at once:', () => {
  const key = 'saslOauthbearerAssertionPrivateKeyFile'
  it.each([
    ['', {}, key, "'/key' cannot be read: there is no such file (ENOENT)"],
    ['x', {}, key, "'/key' has a private key that is damaged or of an unknown kind"],
    [
      p256.privateKey.export(plain).toString(),
      {},
      key,
      "'/key' has a key of another kind than RS256 needs, which is an RSA key",
    ],
    [
      rsa.privateKey.export(encrypted).toString(),
      {},
      'saslOauthbearerAssertionPrivateKeyPassphrase',
      'no password of the key is given: check saslOauthbearerAssertionPrivateKeyPassphrase',
    ],
    [
      rsa.privateKey.export(encrypted).toString(),
      { saslOauthbearerAssertionPrivateKeyPassphrase: `wrong ${CANARY}` },
      'saslOauthbearerAssertionPrivateKeyPassphrase',
      'the password of the key is wrong',
    ],
    [
      rsa.privateKey.export(plain).toString(),
      { saslOauthbearerAssertionTemplateFile: '/template' },
      'saslOauthbearerAssertionTemplateFile',
      "'/template' cannot be read",
    ],
    [`${rsa.privateKey.export(plain)}${' '.repeat(1_048_576)}`, {}, key, 'bytes, more than 1048576'],
    [
      rsa.privateKey.export(plain).toString(),
      { saslOauthbearerAssertionFile: '/jwt' },
      'saslOauthbearerAssertionFile',
      "'/jwt' cannot be read",
    ],
    [
      '',
      { saslOauthbearerTokenEndpointUrl: 'file:///token' },
      'saslOauthbearerTokenEndpointUrl',
      "'/token' cannot be read",
    ],
  ] satisfies [string, Given, string, string][])('(%#)', (keyText, given, errorKey, message) => {
    const world = new World()
    if (keyText !== '') world.files.write('/key', keyText)
    const error = world.refusal({ ...signing, ...given })
    expect(error.key).toBe(errorKey)
    expect(error.message).toContain(message)
    expect(error.message).not.toContain(CANARY)
    expect(error.message).not.toContain('BEGIN')
  })

  it('a template that is no template', () => {
    const world = new World()
    world.files
      .write('/key', rsa.privateKey.export(plain).toString())
      .write('/template', `{"header":"${CANARY}"}`)
    const error = world.refusal({ ...signing, saslOauthbearerAssertionTemplateFile: '/template' })
    expect(error.message).toBe(
      "saslOauthbearerAssertionTemplateFile '/template' is no JSON object whose header and payload are objects",
    )
  })

  it('an empty file', () => {
    const world = new World()
    world.files.write('/token', ' \n')
    const error = world.refusal({ ...signing, saslOauthbearerTokenEndpointUrl: 'file:///token' })
    expect(error.message).toBe("saslOauthbearerTokenEndpointUrl '/token' is empty")
  })
})

describe('a token in a file', () => {
  const given: Given = { ...signing, saslOauthbearerTokenEndpointUrl: 'file:///token' }

  it('is sent to the broker, and nothing is asked', async () => {
    const world = new World()
    world.files.write('/token', `${TOKEN}\n`)
    expect(await world.firstMessage(given)).toBe(`n,,\x01auth=Bearer ${TOKEN}\x01\x01`)
    expect(world.requests).toEqual([])
  })

  it('is checked, and told without the token', async () => {
    const world = new World()
    world.files.write('/token', 'no.jwt.here')
    await expect(world.mechanism(given).start(firstLogin)).rejects.toThrow(
      'the file of saslOauthbearerTokenEndpointUrl gave no usable token: a part of the JWT is no JSON object in base64url',
    )
  })
})

describe('the options of a login module for TLS', () => {
  it.each([
    ['ssl.truststore.locaton="/a"', "an option that begins with 'ssl.' is no setting of TLS"],
    [
      'ssl.truststore.type="PEM" ssl.truststore.location="/none"',
      "sslTruststoreLocation '/none' cannot be read",
    ],
    [
      'ssl.truststore.password="marker-secret"',
      'sslTruststorePassword is given, but sslTruststoreLocation is missing',
    ],
    ['ssl.endpoint.identification.algorithm="maybe"', "sslEndpointIdentificationAlgorithm must be 'https'"],
    ['ssl.enabled.protocols="TLSv1.4"', 'sslEnabledProtocols'],
  ])('are refused: %s', (options, message) => {
    const saslJaasConfig = `${MODULE} required clientId="app" clientSecret="s" ${options};`
    const error = new World().refusal({ ...withSecret, saslJaasConfig })
    expect(error.key).toBe('saslJaasConfig')
    expect(error.message).toContain('saslJaasConfig, for the token endpoint: ')
    expect(error.message).toContain(message)
    expect(error.message).not.toContain(CANARY)
  })

  it('decide how the endpoint is verified; without them it always is', async () => {
    const world = new World()
    await world.firstMessage(withSecret)
    expect(world.requests[0]?.tls).toMatchObject({ verifiesAuthority: true, identity: 'host' })
    const off = `${MODULE} required clientId="app" clientSecret="s" ssl.endpoint.identification.algorithm="";`
    await world.firstMessage({ ...withSecret, saslJaasConfig: off })
    expect(world.requests[1]?.tls).toMatchObject({ verifiesAuthority: true, identity: 'unchecked' })
    expect(world.warnings.join()).toContain('saslJaasConfig, for the token endpoint: sslEndpoint')
  })

  it('are those of the module alone: settings for brokers do not count', async () => {
    const world = new World()
    await world.firstMessage({ ...withSecret, sslEndpointIdentificationAlgorithm: '' })
    expect(world.requests[0]?.tls).toMatchObject({ identity: 'host' })
  })
})
