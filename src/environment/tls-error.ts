import type { PeerCertificate } from 'node:tls'

/** A certificate, with its issuer if the peer has sent that and the runtime tells it. */
type Certificate = PeerCertificate & { readonly issuerCertificate?: Certificate }

/** Longer names of a certificate are cut. */
const MOST_OF_NAME = 300
/** One certificate may be for many hosts. */
const MOST_OF_NAMES = 2_000

/** The facts of a certificate that an error may show. Certificates are no secrets. */
export interface CertificateFacts {
  readonly subject: string
  readonly issuer: string
  /** The names and addresses that the certificate is for. */
  readonly names: string
  readonly validFrom: string
  readonly validTo: string
  /**
   * The issuer of the last certificate that the peer has sent: the authority that would have to be trusted.
   */
  readonly authority: string
}

/** What both sides had to offer. */
export interface TlsFacts {
  /** The name or address that was expected in the certificate. */
  readonly host: string
  /** The versions of TLS that the client offered. */
  readonly versions: string
  readonly offersCertificate: boolean
  /** The certificate of the peer; null if none has arrived. */
  readonly peer: CertificateFacts | null
  /** The local time of the failure, in ISO 8601. */
  readonly at: string
  /** Whether the handshake was still under way. */
  readonly isHandshake: boolean
}

/**
 * A failure of TLS. It takes the place of Node's error, which may hold the options of the socket and with
 * them the private key.
 */
export class TlsError extends Error {
  override readonly name: string = 'TlsError'
  /**
   * Node's code, such as `CERT_HAS_EXPIRED`. `ENDED` if the peer ended the connection in order, and empty if
   * the user's own check refused the certificate.
   */
  readonly code: string
  readonly facts: TlsFacts

  constructor(message: string, code: string, facts: TlsFacts) {
    super(message)
    this.code = code
    this.facts = facts
  }
}

/**
 * The facts of a certificate, with its issuers behind it as far as the peer has sent them.
 *
 * @param leaf Node gives an object without fields for no certificate, and Bun gives null
 */
export function certificateFacts(leaf: Certificate | null): CertificateFacts | null {
  if (leaf?.raw === undefined) return null
  let last = leaf
  const seen = new Set<Certificate>()
  while (last.issuerCertificate !== undefined && !seen.has(last)) {
    seen.add(last)
    last = last.issuerCertificate
  }
  const subject = oneLine(leaf.subject)
  return {
    subject,
    issuer: oneLine(leaf.issuer),
    names: leaf.subjectaltname === undefined ? subject : harmless(leaf.subjectaltname, MOST_OF_NAMES),
    validFrom: leaf.valid_from,
    validTo: leaf.valid_to,
    authority: oneLine(last.issuer),
  }
}

/**
 * A name in one line, such as `O=Example, CN=Example CA`.
 *
 * @param name some runtimes give none for a name without parts
 */
function oneLine(name: object | undefined): string {
  const parts = Object.entries(name ?? {}).map(([key, value]) => `${key}=${String(value)}`)
  return parts.length === 0 ? 'no name' : harmless(parts.join(', '), MOST_OF_NAME)
}

/** Text of a peer that has proved nothing: without line breaks and escape sequences, and not at length. */
function harmless(text: string, most: number): string {
  const line = text.replace(/[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}]+/gu, ' ').trim()
  return line.length > most ? `${line.slice(0, most)}...` : line
}
