import { certificate, keyEntry } from './certificate-chain.js'
import { type PemBlock, pemBlocks } from './pem.js'
import { privateKey } from './private-key.js'
import type { Store } from './store.js'
import { checkSize, UnreadableInput } from './unreadable-input.js'

/** The labels of certificates. Java reads the older ones as well. */
const CERTIFICATE_LABELS: ReadonlySet<string> = new Set([
  'CERTIFICATE',
  'X509 CERTIFICATE',
  'X.509 CERTIFICATE',
])

/**
 * The certificates in a PEM text.
 *
 * @throws UnreadableInput if there is none: such a text would trust nobody
 */
export function pemCertificates(text: string): Store['trusted'] {
  checkSize(text)
  return certificatesIn(pemBlocks(text))
}

/**
 * The private key and its certificates in PEM. Both may be in one text.
 *
 * @throws UnreadableInput if there is not exactly one key, or no certificate for it
 */
export function pemKeyEntry(
  keyText: string,
  chainText: string,
  password: string | undefined,
): Store['keys'][number] {
  return keyEntry(pemKey(keyText, password), pemCertificates(chainText))
}

/** @throws UnreadableInput if there is not exactly one private key, or it cannot be read */
export function pemKey(text: string, password: string | undefined): Store['keys'][number]['key'] {
  checkSize(text)
  const [first, ...others] = pemBlocks(text).filter(({ label }) => label.endsWith('PRIVATE KEY'))
  if (first === undefined) throw new UnreadableInput('has no private key in PEM')
  if (others.length > 0) throw new UnreadableInput(`has ${others.length + 1} private keys, and must have one`)
  return privateKey(first.pem, password)
}

function certificatesIn(blocks: readonly PemBlock[]): Store['trusted'] {
  const found = blocks.filter(({ label }) => CERTIFICATE_LABELS.has(label))
  if (found.length === 0) throw new UnreadableInput('has no certificate in PEM')
  return found.map(({ der }, index) => certificate(der, index + 1))
}
