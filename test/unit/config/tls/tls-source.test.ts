import { Buffer } from 'node:buffer'
import { inspect } from 'node:util'
import { describe, expect, it } from 'vitest'
import { type ProducerConfig, resolveConfig } from '../../../../src/config/config.js'
import { tlsSource } from '../../../../src/config/tls/tls-source.js'
import type { Files } from '../../../../src/environment/files.js'
import { ConfigError } from '../../../../src/errors.js'
import type { TlsSource } from '../../../../src/network/network-options.js'
import { certificateBytes, certificateText, password } from '../../../support/certificates/certificates.js'
import { NotingLogger } from '../../../support/noting-logger.js'

const NOW = Date.parse('2030-01-01T00:00:00Z')

/** Files in memory, each with a version that counts its changes. */
class MemoryFiles implements Files {
  readonly #files = new Map<string, { bytes: Buffer; version: number }>()
  isReadableByOthers = false
  reads = 0

  write(path: string, bytes: Buffer): void {
    this.#files.set(path, { bytes, version: (this.#files.get(path)?.version ?? 0) + 1 })
  }

  remove(path: string): void {
    this.#files.delete(path)
  }

  read(path: string): Buffer {
    this.reads += 1
    return this.#find(path).bytes
  }

  state(path: string) {
    return { version: String(this.#find(path).version), isReadableByOthers: this.isReadableByOthers }
  }

  #find(path: string) {
    const file = this.#files.get(path)
    if (file === undefined) throw Object.assign(new Error('no such file'), { code: 'ENOENT' })
    return file
  }
}

const files = new MemoryFiles()

function source(given: Partial<ProducerConfig>, from: Files = files): { tls: TlsSource; log: string[] } {
  const logger = new NotingLogger()
  const config = resolveConfig({ bootstrapServers: 'a:1', securityProtocol: 'SSL', logger, ...given })
  const tls = tlsSource(config, { files: from, clock: { wallTime: () => NOW } })
  if (tls === null) throw new Error('the connections are not encrypted')
  return { tls, log: logger.lines }
}

function refusal(given: Partial<ProducerConfig>): ConfigError {
  try {
    source(given)
  } catch (error) {
    if (error instanceof ConfigError) return error
    throw error
  }
  throw new Error('nothing was refused')
}

for (const name of ['trust.jks', 'trust.java.p12', 'client.jks', 'client.java.p12', 'client.keypass.jks'])
  files.write(name, certificateBytes(name))
for (const name of ['root.pem', 'client.both.pem', 'client.key', 'expired-client.both.pem', 'both.java.p12'])
  files.write(name, certificateBytes(name))
files.write('empty', Buffer.alloc(0))
files.write('huge', Buffer.alloc(2 * 1024 * 1024, 0x30))
files.write('mismatched.pem', Buffer.from(certificateText('broker.key') + certificateText('client.pem')))

describe('the source of TLS settings', () => {
  it.each([
    [{}, undefined, false],
    [{ sslTruststoreLocation: 'trust.jks' }, 1, false],
    [{ sslTruststoreLocation: 'trust.jks', sslTruststorePassword: password }, 1, false],
    [
      { sslTruststoreType: 'PKCS12', sslTruststoreLocation: 'trust.jks', sslTruststorePassword: password },
      1,
      false,
    ],
    [{ sslTruststoreLocation: 'trust.java.p12', sslTruststorePassword: password }, 1, false],
    // As in Java, a certificate with its key in the store is trusted too.
    [{ sslTruststoreLocation: 'both.java.p12', sslTruststorePassword: password }, 2, false],
    [{ sslTruststoreType: 'PEM', sslTruststoreLocation: 'root.pem' }, 1, false],
    [{ sslTruststoreType: 'PEM', sslTruststoreCertificates: certificateText('root.pem') }, 1, false],
    [{ sslKeystoreLocation: 'client.jks', sslKeystorePassword: password }, undefined, true],
    [{ sslKeystoreLocation: 'client.java.p12', sslKeystorePassword: password }, undefined, true],
    [
      {
        sslKeystoreLocation: 'client.keypass.jks',
        sslKeystorePassword: password,
        sslKeyPassword: 'otherpass',
      },
      undefined,
      true,
    ],
    [{ sslKeystoreType: 'PEM', sslKeystoreLocation: 'client.both.pem' }, undefined, true],
    [
      {
        sslKeystoreType: 'PEM',
        sslKeystoreKey: certificateText('client.encrypted.key').replaceAll('\n', ' '),
        sslKeyPassword: password,
        sslKeystoreCertificateChain: certificateText('client.pem').replaceAll('\n', ' '),
      },
      undefined,
      true,
    ],
  ] as [Partial<ProducerConfig>, number | undefined, boolean][])(
    'takes settings %#',
    async (given, authorities, hasIdentity) => {
      const { tls, log } = source(given)
      const { context, verifiesAuthority, identity } = await tls.current()
      expect(context.ca?.length).toBe(authorities)
      expect(context.identity !== undefined).toBe(hasIdentity)
      expect({ verifiesAuthority, identity }).toEqual({ verifiesAuthority: true, identity: 'host' })
      expect(log).toEqual([])
    },
  )

  it.each([
    [
      { sslTruststoreLocation: 'nowhere' },
      'sslTruststoreLocation',
      "sslTruststoreLocation 'nowhere' cannot be read: there is no such file (ENOENT)",
    ],
    [{ sslTruststoreLocation: 'empty' }, 'sslTruststoreLocation', "sslTruststoreLocation 'empty' is empty"],
    [
      { sslTruststoreLocation: 'huge' },
      'sslTruststoreLocation',
      "'huge' has 2097152 bytes, more than the 1048576",
    ],
    [
      { sslTruststoreLocation: 'root.pem' },
      'sslTruststoreLocation',
      "sslTruststoreLocation 'root.pem' is PEM, not JKS or PKCS12: set the type of the store to PEM",
    ],
    [
      { sslTruststoreType: 'PEM', sslTruststoreLocation: 'client.key' },
      'sslTruststoreLocation',
      "sslTruststoreLocation 'client.key' has no certificate in PEM",
    ],
    [
      { sslTruststoreType: 'PEM', sslTruststoreCertificates: 'canary' },
      'sslTruststoreCertificates',
      'sslTruststoreCertificates has no certificate in PEM',
    ],
    [
      { sslTruststoreLocation: 'trust.jks', sslTruststorePassword: 'canary' },
      'sslTruststorePassword',
      "sslTruststoreLocation 'trust.jks' cannot be opened: its password is wrong, or it is damaged: check sslTruststorePassword",
    ],
    [
      { sslKeystoreLocation: 'client.java.p12', sslKeystorePassword: 'canary' },
      'sslKeystorePassword',
      "sslKeystoreLocation 'client.java.p12' cannot be opened: its password is wrong, or it is damaged: check sslKeystorePassword",
    ],
    [
      { sslKeystoreLocation: 'client.jks', sslKeystorePassword: password, sslKeyPassword: 'canary' },
      'sslKeyPassword',
      "sslKeystoreLocation 'client.jks' has a private key for which the password is wrong: check sslKeyPassword",
    ],
    [
      { sslKeystoreLocation: 'trust.jks', sslKeystorePassword: password },
      'sslKeystoreLocation',
      "sslKeystoreLocation 'trust.jks' has no private key",
    ],
    [
      { sslKeystoreType: 'PEM', sslKeystoreLocation: 'mismatched.pem' },
      'sslKeystoreLocation',
      "sslKeystoreLocation 'mismatched.pem' has a private key that belongs to none of the certificates",
    ],
    [
      {
        sslKeystoreType: 'PEM',
        sslKeystoreKey: certificateText('client.encrypted.key'),
        sslKeystoreCertificateChain: certificateText('client.pem'),
      },
      'sslKeyPassword',
      'sslKeystoreKey has an encrypted private key, and no password of the key is given: check sslKeyPassword',
    ],
    [
      {
        sslKeystoreType: 'PEM',
        sslKeystoreKey: certificateText('client.key'),
        sslKeystoreCertificateChain: 'canary',
      },
      'sslKeystoreCertificateChain',
      'sslKeystoreCertificateChain has no certificate in PEM',
    ],
  ] as [Partial<ProducerConfig>, string, string][])('refuses settings %#', (given, key, message) => {
    const error = refusal(given)
    expect(error).toMatchObject({ key, message: expect.stringContaining(message) })
    const printed = inspect(error, { depth: 9, showHidden: true })
    expect(printed).not.toContain('canary')
    expect(printed).not.toContain('BEGIN')
  })

  it('refuses what OpenSSL refuses, at the construction of the client', () => {
    files.write('weak', certificateBytes('weak.both.pem'))
    expect(refusal({ sslKeystoreType: 'PEM', sslKeystoreLocation: 'weak' })).toMatchObject({
      key: 'sslKeystoreLocation',
      message: expect.stringMatching(/^OpenSSL refuses sslKeystoreLocation: .*key too small/),
    })
  })

  it('reports a key store and a trust store at once', () => {
    const error = refusal({
      sslTruststoreLocation: 'nowhere',
      sslKeystoreLocation: 'nowhere',
      sslKeystorePassword: 'x',
    })
    expect(error.problems.map(({ key }) => key)).toEqual(['sslKeystoreLocation', 'sslTruststoreLocation'])
  })

  it('is none for plaintext connections, whatever the files are', () => {
    const logger = new NotingLogger()
    const config = resolveConfig({ bootstrapServers: 'a:1', logger, sslTruststoreLocation: 'nowhere' })
    expect(tlsSource(config, { files, clock: { wallTime: () => NOW } })).toBeNull()
  })

  it('offers the versions and the cipher suites of the settings', async () => {
    const { tls } = source({
      sslProtocol: 'TLSv1.2',
      sslCipherSuites: ['TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256'],
    })
    expect((await tls.current()).context).toMatchObject({
      minVersion: 'TLSv1.2',
      maxVersion: 'TLSv1.2',
      ciphers: ['ECDHE-RSA-AES128-GCM-SHA256'],
    })
  })

  it('shows no key', async () => {
    const { tls } = source({ sslKeystoreType: 'PEM', sslKeystoreLocation: 'client.both.pem' })
    expect(inspect(tls, { depth: 9, showHidden: true })).not.toContain('PRIVATE KEY')
    expect(JSON.stringify(tls)).not.toContain('PRIVATE KEY')
  })
})

describe('a warning', () => {
  it('is given for a check of names that is off', async () => {
    const { tls, log } = source({ sslEndpointIdentificationAlgorithm: '' })
    expect(log).toEqual([
      expect.stringMatching(/^warn: sslEndpointIdentificationAlgorithm is off: the name of/),
    ])
    expect((await tls.current()).identity).toBe('unchecked')
    await tls.current()
    expect(log).toHaveLength(1)
  })

  it('is given for options that verify nothing', () => {
    const { log } = source({ tls: { rejectUnauthorized: false } })
    expect(log).toEqual([
      expect.stringMatching(/^warn: tls.rejectUnauthorized is false: any broker is believed/),
    ])
  })

  it.each([
    [{ sslKeystoreType: 'PEM', sslKeystoreLocation: 'expired-client.both.pem' }],
    [{ tls: { cert: certificateText('expired-client.pem'), key: certificateText('expired-client.key') } }],
  ])("is given for the client's own certificate that has expired: %#", (given) => {
    const { log } = source(given)
    expect(log).toEqual([
      expect.stringMatching(/^warn: the client's certificate has expired: it was valid to /),
    ])
  })

  it('is given for a key that others may read', () => {
    const open = new MemoryFiles()
    open.isReadableByOthers = true
    open.write('client.jks', certificateBytes('client.jks'))
    const { log } = source({ sslKeystoreLocation: 'client.jks', sslKeystorePassword: password }, open)
    expect(log).toEqual([
      "warn: sslKeystoreLocation 'client.jks' has a private key, and other users may read the file",
    ])
  })
})

describe('certificates that change on disk', () => {
  const given = { sslKeystoreType: 'PEM', sslKeystoreLocation: 'key.pem' } as const

  it('are used by the next connection, and read once', async () => {
    const disk = new MemoryFiles()
    disk.write('key.pem', certificateBytes('client.both.pem'))
    const { tls, log } = source(given, disk)
    const before = await tls.current()
    expect(await tls.current()).toBe(before)
    expect(disk.reads).toBe(1)
    disk.write('key.pem', certificateBytes('stranger.both.pem'))
    const after = await tls.current()
    expect(after.context.identity?.chain).toBe(certificateText('stranger.pem'))
    expect(await tls.current()).toBe(after)
    expect(disk.reads).toBe(2)
    expect(log).toEqual(['info: the certificates were read again because their files have changed'])
  })

  it('stay as they were while a half-written pair is there, and one warning says so', async () => {
    const disk = new MemoryFiles()
    disk.write('key.pem', certificateBytes('client.both.pem'))
    const { tls, log } = source(given, disk)
    const before = await tls.current()
    disk.write('key.pem', Buffer.from(certificateText('stranger.key') + certificateText('client.pem')))
    expect(await tls.current()).toBe(before)
    expect(await tls.current()).toBe(before)
    expect(log).toEqual([
      "warn: the certificates that were read before stay in use: sslKeystoreLocation 'key.pem' has a private key that belongs to none of the certificates",
    ])
    disk.write('key.pem', certificateBytes('stranger.both.pem'))
    expect((await tls.current()).context.identity?.chain).toBe(certificateText('stranger.pem'))
  })

  it('stay as they were while the file is gone', async () => {
    const disk = new MemoryFiles()
    disk.write('key.pem', certificateBytes('client.both.pem'))
    const { tls, log } = source(given, disk)
    const before = await tls.current()
    disk.remove('key.pem')
    expect(await tls.current()).toBe(before)
    expect(log).toEqual([expect.stringContaining('there is no such file (ENOENT)')])
  })
})

describe('a function for tls', () => {
  it('is asked for every connection', async () => {
    const answers = [{ ca: certificateText('root.pem') }, Promise.resolve({ rejectUnauthorized: false })]
    const { tls, log } = source({ tls: async () => (await answers.shift()) ?? {} })
    expect(answers).toHaveLength(2)
    expect((await tls.current()).context.ca).toHaveLength(1)
    expect((await tls.current()).verifiesAuthority).toBe(false)
    expect(log).toHaveLength(1)
  })

  it('that gives half of a new pair once it has worked may give the other half later', async () => {
    const [ca, cert, key] = ['root.pem', 'client.pem', 'broker.key'].map(certificateText)
    const answers = [{ ca }, { ca, cert, key }, { ca }]
    const { tls } = source({ tls: () => answers.shift() ?? {} })
    await tls.current()
    const torn = await tls.current().catch((error: unknown) => error)
    expect(torn).toBeInstanceOf(Error)
    expect(torn).not.toBeInstanceOf(ConfigError)
    expect(String(torn)).toContain('tls.key')
    expect((await tls.current()).context.ca).toHaveLength(1)
  })

  it('that gives nonsense, or throws, rejects', async () => {
    const nonsense = source({ tls: (() => 'canary') as never }).tls
    await expect(nonsense.current()).rejects.toThrow(ConfigError)
    const broken = source({
      tls: () => {
        throw new Error('the vault is closed')
      },
    }).tls
    await expect(broken.current()).rejects.toThrow('the vault is closed')
  })
})
