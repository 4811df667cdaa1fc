import { readFileSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { createServer, type Server, type TLSSocket } from 'node:tls'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { openNodeSocket } from '../../../src/environment/node-socket.js'
import type { TlsContext } from '../../../src/environment/secure-context.js'
import type { SecureOptions, SecureSettings, Socket } from '../../../src/environment/socket.js'

const pem = (name: string): string =>
  readFileSync(new URL(`../../support/certificates/${name}.pem`, import.meta.url), 'utf8')

/** What a client goes by that trusts the authority, except for what is given. */
function settings(context: Partial<TlsContext> = {}): SecureSettings {
  const versions = { minVersion: 'TLSv1.2', maxVersion: 'TLSv1.3' } as const
  const trusting = { ca: [pem('authority')], identity: undefined, ciphers: undefined }
  return { context: { ...versions, ...trusting, ...context }, verifiesAuthority: true, identity: 'host' }
}

let server: Server
/** The server names that clients have asked for; false for none. */
let asked: (string | false | null)[]

beforeEach(async () => {
  asked = []
  server = createServer({ cert: pem('broker'), key: pem('broker-key') }, (socket: TLSSocket) => {
    asked.push(socket.servername)
    socket.on('error', () => {})
    // Echoes the data.
    socket.pipe(socket)
  })
  server.on('tlsClientError', () => {})
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
})

afterEach(() => new Promise((resolve) => server.close(resolve)))

interface Client {
  readonly socket: Socket
  /** The events that the socket reported, in order. */
  readonly told: string[]
  readonly closed: Promise<void>
}

async function connect(): Promise<Client> {
  const told: string[] = []
  let close: () => void = () => {}
  const closed = new Promise<void>((resolve) => {
    close = resolve
  })
  const { port } = server.address() as AddressInfo
  const socket = await new Promise<Socket>((resolve) => {
    const opened = openNodeSocket(
      { address: '127.0.0.1', family: 4, port },
      {
        connected: () => resolve(opened),
        received: (chunk) => told.push(`received ${chunk}`),
        closed: (error) => {
          told.push(`closed${error === null ? '' : ` ${error.message}`}`)
          close()
        },
      },
    )
  })
  return { socket, told, closed }
}

/** Tries to encrypt a connection, and expects a failure. */
async function refused(options: SecureOptions): Promise<Error> {
  const { socket, told, closed } = await connect()
  const error: Error = await socket.secure(options).then(
    () => new Error('it was encrypted'),
    (reason) => reason,
  )
  await closed
  expect(told).toHaveLength(1)
  return error
}

describe('a socket of the operating system', () => {
  it("that is encrypted asks for the broker's name, and carries bytes in both directions", async () => {
    const { socket, told, closed } = await connect()
    await socket.secure({ ...settings(), host: 'broker.test' })
    await new Promise<void>((resolve) => socket.write([Buffer.from('ab'), Buffer.from('c')], resolve))
    while (told.join('').length < 'received abc'.length) await new Promise((resolve) => setImmediate(resolve))
    expect(told).toEqual(['received abc'])
    expect(asked).toEqual(['broker.test'])
    socket.destroy()
    await closed
    expect(told).toEqual(['received abc', 'closed'])
  })

  it('that is encrypted to an address asks for no name, and needs a certificate for the address', async () => {
    const { socket, closed } = await connect()
    const session = await socket.secure({ ...settings(), host: '127.0.0.1' })
    expect(session).toMatchObject({
      protocol: 'TLSv1.3',
      cipher: expect.stringMatching(/^TLS_\w+$/),
      peer: { names: expect.stringContaining('DNS:broker.test'), validTo: expect.stringMatching(/ GMT$/) },
    })
    // The server may notice the end of the handshake later than the client.
    while (asked.length === 0) await new Promise((resolve) => setImmediate(resolve))
    socket.destroy()
    expect(asked).toEqual([false])
    await closed
  })

  it('is not encrypted if the certificate has another name', async () => {
    expect((await refused({ ...settings(), host: 'another.test' })).message).toMatch('broker.test')
  })

  it("is not encrypted if the certificate's authority is not trusted", async () => {
    expect(await refused({ ...settings({ ca: undefined }), host: 'broker.test' })).toMatchObject({
      code: 'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
    })
  })

  it('is not encrypted if it is destroyed meanwhile', async () => {
    const { socket, told, closed } = await connect()
    const secured = socket
      .secure({ ...settings(), host: 'broker.test' })
      .catch((error: Error) => error.message)
    socket.destroy()
    expect(await secured).toBe('the connection ended during the TLS handshake')
    await closed
    expect(told).toEqual(['closed'])
  })

  it('tells what the broker has shown when it refuses it', async () => {
    expect(await refused({ ...settings({ ca: undefined }), host: 'broker.test' })).toMatchObject({
      name: 'TlsError',
      facts: {
        host: 'broker.test',
        versions: 'TLSv1.2 to TLSv1.3',
        offersCertificate: false,
        isHandshake: true,
        peer: { names: 'DNS:broker.test, IP Address:127.0.0.1' },
      },
    })
  })

  it('refuses an authority that is not trusted whatever an environment variable says', async () => {
    vi.stubEnv('NODE_TLS_REJECT_UNAUTHORIZED', '0')
    try {
      const error = await refused({ ...settings({ ca: undefined }), host: 'broker.test' })
      expect(error).toMatchObject({ code: 'UNABLE_TO_VERIFY_LEAF_SIGNATURE' })
    } finally {
      vi.unstubAllEnvs()
    }
  })

  it('is encrypted to a broker of another name if names are not checked, and asks for the name still', async () => {
    const { socket, closed } = await connect()
    await socket.secure({ ...settings(), host: 'another.test', identity: 'unchecked' })
    while (asked.length === 0) await new Promise((resolve) => setImmediate(resolve))
    expect(asked).toEqual(['another.test'])
    socket.destroy()
    await closed
  })

  it('asks a check of the user for the name', async () => {
    const seen: string[] = []
    const { socket, closed } = await connect()
    await socket.secure({
      ...settings(),
      host: 'another.test',
      identity: (host, { subjectaltname }) => void seen.push(`${host}: ${subjectaltname}`),
    })
    expect(seen).toEqual(['another.test: DNS:broker.test, IP Address:127.0.0.1'])
    socket.destroy()
    await closed
  })

  it('is not encrypted if a check of the user refuses or throws', async () => {
    const refusing = refused({ ...settings(), host: 'broker.test', identity: () => new Error('not mine') })
    expect(await refusing).toMatchObject({ code: '', message: 'not mine' })
    const throwing = refused({
      ...settings(),
      host: 'broker.test',
      identity: () => {
        throw new Error('broken')
      },
    })
    expect(await throwing).toMatchObject({ code: '', message: 'broken' })
  })

  it.each<[string, () => unknown]>([
    ['true', () => true],
    ['false', () => false],
    ['a text', () => 'not mine'],
    ['a promise of its answer', async () => undefined],
    ['a promise that is refused', () => Promise.reject(new Error('not mine'))],
  ])('is not encrypted if a check of the user gives %s, which is no answer', async (_, check) => {
    const refusal = await refused({ ...settings(), host: 'broker.test', identity: check as () => undefined })
    expect(refusal).toMatchObject({
      code: '',
      message: 'the check of the names in the certificate gave neither an error nor undefined',
    })
  })

  it('checks the name anew on every connection', async () => {
    const same = settings()
    const { socket, closed } = await connect()
    await socket.secure({ ...same, host: 'broker.test' })
    await new Promise<void>((resolve) => socket.write([Buffer.from('a')], resolve))
    expect(await refused({ ...same, host: 'another.test' })).toMatchObject({
      code: 'ERR_TLS_CERT_ALTNAME_INVALID',
    })
    socket.destroy()
    await closed
  })
})
