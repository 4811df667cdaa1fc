import type { SecureOptions } from '../../../src/environment/socket.js'
import { TlsError } from '../../../src/environment/tls-error.js'
import type { VirtualTime } from '../virtual-time.js'
import { type Authority, trusts } from './authorities.js'

/** A connection whose handshake is under way. */
export interface HandshakeLink {
  readonly port: number
  /** Whether bytes still arrive at the broker, and at the client. */
  readonly brokerIsOpen: boolean
  readonly clientHears: boolean
  carry(direction: 'toBroker' | 'toClient', run: () => void): void
  /** The broker ends the connection. The client hears of it by this error. */
  endFromBroker(error: Error): void
  /** The client ends the connection with this error. */
  endFromClient(error: Error): void
}

/** The TLS of one broker. */
export interface BrokerSide {
  authority: Authority
  isExpired: boolean
  /** OpenSSL's code of the alert with which the broker refuses every handshake; null if it refuses none. */
  alert: string | null
  /** As in TLS 1.3: the handshake ends well at the client, and then the broker refuses the client. */
  refusesClient: boolean
  /** The number of handshakes that the broker ends without a word. */
  resets: number
  slowMs: number
}

/** TLS without its cryptography: the certificates of brokers, and the ends of handshakes. */
export class BrokerTls {
  readonly #time: VirtualTime
  readonly #sides = new Map<number, BrokerSide>()
  struck: (fault: string) => void = () => undefined

  constructor(time: VirtualTime) {
    this.#time = time
  }

  /** The side of the broker at a port, which faults change. */
  side(port: number): BrokerSide {
    const known = this.#sides.get(port)
    if (known !== undefined) return known
    const side = flawless('root')
    this.#sides.set(port, side)
    return side
  }

  /** Ends all faults. Brokers keep their authority. */
  heal(): void {
    for (const side of this.#sides.values()) Object.assign(side, flawless(side.authority))
  }

  /** Runs one handshake: a message of the client, and one of the broker. */
  shakeHands(link: HandshakeLink, options: SecureOptions, secured: () => void): void {
    link.carry('toBroker', () => {
      if (!link.brokerIsOpen) return
      const side = this.side(link.port)
      if (side.resets > 0) {
        side.resets--
        this.struck('TLS handshake reset')
        link.endFromBroker(tlsError('ECONNRESET', options))
        return
      }
      if (side.alert !== null) {
        this.struck('TLS handshake refused')
        link.endFromBroker(tlsError(side.alert, options))
        return
      }
      const answer = (): void => link.carry('toClient', () => this.#judged(link, side, options, secured))
      if (side.slowMs === 0) {
        answer()
        return
      }
      this.struck('TLS handshake slow')
      this.#time.at(this.#time.nowMs + side.slowMs, 'network', 'brokers', answer)
    })
  }

  /** The client judges the certificate of the broker. */
  #judged(link: HandshakeLink, side: BrokerSide, options: SecureOptions, secured: () => void): void {
    if (!link.clientHears) return
    const { ca } = options.context
    if (ca === undefined || !trusts(ca, side.authority)) {
      this.struck('certificate of another authority')
      link.endFromClient(tlsError('UNABLE_TO_GET_ISSUER_CERT_LOCALLY', options))
      return
    }
    if (side.isExpired) {
      this.struck('certificate expired')
      link.endFromClient(tlsError('CERT_HAS_EXPIRED', options))
      return
    }
    secured()
    if (!side.refusesClient) return
    this.struck('client certificate refused')
    link.carry('toBroker', () => {
      const alert = 'ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED'
      if (link.brokerIsOpen) link.endFromBroker(tlsError(alert, options, false))
    })
  }
}

function flawless(authority: Authority): BrokerSide {
  return { authority, isExpired: false, alert: null, refusesClient: false, resets: 0, slowMs: 0 }
}

/** An error as the sockets of Node give it. */
export function tlsError(code: string, { host, context }: SecureOptions, isHandshake = true): TlsError {
  return new TlsError(`TLS ended: ${code}`, code, {
    host,
    versions: context.maxVersion,
    offersCertificate: context.identity !== undefined,
    peer: null,
    at: '2023-11-14T22:13:20.000Z',
    isHandshake,
  })
}
