import { type KeyObject, X509Certificate } from 'node:crypto'
import type { KeyEntry } from './store.js'
import { UnreadableInput } from './unreadable-input.js'

/** @throws UnreadableInput if the bytes or the PEM block are no certificate */
export function certificate(source: string | Uint8Array, number: number): X509Certificate {
  try {
    return new X509Certificate(source)
  } catch {
    throw new UnreadableInput(`has a certificate ${number} that cannot be read`)
  }
}

/**
 * A key with its certificate and the issuers that are among `certificates`, in the order in which TLS sends
 * them.
 *
 * @throws UnreadableInput if no certificate belongs to the key
 */
export function keyEntry(key: KeyObject, certificates: readonly X509Certificate[]): KeyEntry {
  const own = certificates.find((one) => one.checkPrivateKey(key))
  if (own === undefined) {
    throw new UnreadableInput(
      certificates.length === 0
        ? 'has a private key, but no certificate for it'
        : 'has a private key that belongs to none of the certificates',
    )
  }
  const chain = [own]
  for (let last = own; chain.length <= certificates.length; ) {
    const issuer = certificates.find((one) => !chain.includes(one) && last.checkIssued(one))
    if (issuer === undefined) break
    chain.push(issuer)
    last = issuer
  }
  return { key, chain }
}
