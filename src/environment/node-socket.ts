import type { Buffer } from 'node:buffer'
import { createConnection, isIP, type Socket as NetSocket } from 'node:net'
import { checkServerIdentity, connect as connectTls, type PeerCertificate, type TLSSocket } from 'node:tls'
import { types } from 'node:util'
import { outsideContexts } from './async-context.js'
import { secureContext } from './secure-context.js'
import type {
  IdentityCheck,
  OpenSocket,
  SecureOptions,
  Socket,
  SocketAddress,
  SocketListener,
  TlsSession,
} from './socket.js'
import { type CertificateFacts, certificateFacts, TlsError } from './tls-error.js'

const ENDED_IN_HANDSHAKE = 'the connection ended during the TLS handshake'

/** Opens sockets of the operating system. */
export const openNodeSocket: OpenSocket = (address, listener) =>
  outsideContexts(() => new NodeSocket(address, listener))

class NodeSocket implements Socket {
  readonly #listener: SocketListener
  /** Plain at first. Encrypted after `secure`. */
  #stream: NetSocket
  #failure: Error | null = null
  #isDestroyed = false
  #failSecuring: ((error: Error) => void) | null = null
  #tls: { readonly options: SecureOptions; peer: CertificateFacts | null } | null = null

  constructor({ address, family, port }: SocketAddress, listener: SocketListener) {
    this.#listener = listener
    this.#stream = createConnection({ host: address, port, family, noDelay: true, keepAlive: true })
    this.#stream.on('connect', () => listener.connected())
    this.#listenTo(this.#stream)
  }

  write(chunks: readonly Uint8Array[], written: () => void): void {
    const stream = this.#stream
    const last = chunks.length - 1
    stream.cork()
    chunks.forEach((chunk, i) => {
      if (i < last) stream.write(chunk)
      else
        stream.write(chunk, (error) => {
          if (!error) written()
        })
    })
    stream.uncork()
  }

  secure(options: SecureOptions): Promise<TlsSession> {
    return new Promise((resolve, reject) => {
      this.#failSecuring = reject
      const secured = outsideContexts(() => this.#connectTls(options))
      this.#tls = { options, peer: null }
      this.#stream = secured
      // This event is Node's own. It comes before the certificate is judged, and after a refusal the
      // certificate is gone. Nothing but the text of errors depends on it.
      secured.prependListener('secure', () => {
        if (this.#tls !== null) this.#tls.peer ??= certificateFacts(secured.getPeerCertificate(true))
      })
      secured.on('secureConnect', () => {
        this.#failSecuring = null
        resolve({
          protocol: secured.getProtocol() ?? 'TLS',
          cipher: secured.getCipher().standardName,
          peer: this.#tls?.peer ?? null,
        })
      })
      this.#listenTo(secured)
    })
  }

  destroy(): void {
    this.#isDestroyed = true
    this.#stream.destroy()
  }

  #connectTls({ host, context, verifiesAuthority, identity }: SecureOptions): TLSSocket {
    return connectTls({
      socket: this.#stream,
      host,
      // Server name indication (SNI) takes names only, no addresses.
      ...(isIP(host) === 0 && { servername: host }),
      secureContext: secureContext(context),
      // Said even where it is the default: an environment variable can change the default.
      rejectUnauthorized: verifiesAuthority,
      checkServerIdentity: (name, certificate) => this.#checkIdentity(identity, name, certificate),
    })
  }

  #checkIdentity(
    identity: SecureOptions['identity'],
    name: string,
    certificate: PeerCertificate,
  ): Error | undefined {
    // Bun shows the certificate here, and not before.
    if (this.#tls !== null) this.#tls.peer ??= certificateFacts(certificate)
    if (identity === 'unchecked') return undefined
    return checkedIdentity(identity === 'host' ? checkServerIdentity : identity)(name, certificate)
  }

  /** The error that ended the stream. An error of TLS comes with the facts. */
  #reasonOf(failure: Error | null): Error | null {
    if (this.#tls === null || this.#isDestroyed) return failure
    const isHandshake = this.#failSecuring !== null
    const code = failure === null ? 'ENDED' : 'code' in failure ? String(failure.code) : ''
    if (!isHandshake && !code.startsWith('ERR_SSL_')) return failure
    const { options, peer } = this.#tls
    const { minVersion, maxVersion, identity } = options.context
    return new TlsError(failure?.message ?? ENDED_IN_HANDSHAKE, code, {
      host: options.host,
      versions: minVersion === maxVersion ? minVersion : `${minVersion} to ${maxVersion}`,
      offersCertificate: identity !== undefined,
      peer,
      at: new Date().toISOString(),
      isHandshake,
    })
  }

  /** Passes the stream's events on. Events of a plain stream below an encrypted one are ignored. */
  #listenTo(stream: NetSocket): void {
    const isCurrent = (): boolean => this.#stream === stream
    stream.on('data', (chunk: Buffer) => {
      if (isCurrent()) this.#listener.received(chunk)
    })
    // `on`, not `once`: a second error would have no listener and end the process.
    stream.on('error', (error) => {
      this.#failure ??= error
    })
    stream.on('close', () => {
      if (!isCurrent()) return
      const reason = this.#reasonOf(this.#failure)
      this.#failSecuring?.(reason ?? new Error(ENDED_IN_HANDSHAKE))
      this.#listener.closed(reason)
    })
    // The peer sends nothing more, and the client has no use for a half-open connection.
    stream.on('end', () => {
      if (isCurrent()) stream.destroy()
    })
  }
}

/**
 * A user's check. Its exception refuses the certificate, and does not end the process. So does any answer
 * but an error or nothing, such as the promise of an asynchronous function: nobody knows what it means.
 */
export function checkedIdentity(check: IdentityCheck): IdentityCheck {
  return (host, certificate) => {
    try {
      return checkedAnswer(check(host, certificate))
    } catch (error) {
      return types.isNativeError(error) ? error : new Error(String(error))
    }
  }
}

function checkedAnswer(answer: unknown): Error | undefined {
  if (answer === undefined || answer === null) return undefined
  if (types.isNativeError(answer)) return answer
  // Nobody else hears of its rejection, which would end the process.
  if (types.isPromise(answer)) answer.catch(() => undefined)
  return new Error('the check of the names in the certificate gave neither an error nor undefined')
}
