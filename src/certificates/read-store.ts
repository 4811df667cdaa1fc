import type { Buffer } from 'node:buffer'
import { readJks } from './jks.js'
import { pemCertificates, pemKeyEntry } from './pem-store.js'
import { readPkcs12 } from './pkcs12.js'
import type { Store, StorePasswords } from './store.js'
import { checkSize, UnreadableInput } from './unreadable-input.js'

const JKS_MAGIC = 0xfeedfeed
const JCEKS_MAGIC = 0xcececece
/** The tag with which DER begins, and so PKCS #12. */
const DER_SEQUENCE = 0x30

/**
 * Reads a JKS or PKCS #12 store. The content tells which of the two it is, because a file named `.jks` is
 * mostly PKCS #12 since JDK 9, and Java's type JKS reads both.
 *
 * @throws UnreadableInput if it is neither, is damaged, or a password is wrong
 */
export function readBinaryStore(bytes: Buffer, passwords: StorePasswords): Store {
  checkSize(bytes)
  const magic = bytes.length < 4 ? 0 : bytes.readUInt32BE(0)
  if (magic === JKS_MAGIC) return readJks(bytes, passwords)
  if (bytes[0] === DER_SEQUENCE) return readPkcs12(bytes, passwords)
  if (magic === JCEKS_MAGIC)
    throw new UnreadableInput(
      'is a JCEKS store, which this version does not read: convert it with keytool -importkeystore -deststoretype PKCS12',
    )
  const isPem = bytes.includes('-----BEGIN ')
  throw new UnreadableInput(
    isPem ? 'is PEM, not JKS or PKCS12: set the type of the store to PEM' : 'is neither JKS nor PKCS12',
  )
}

/** Reads a PEM key store: one private key and its certificates in one file. */
export function readPemKeyStore(bytes: Buffer, keyPassword: string | undefined): Store {
  checkSize(bytes)
  const text = pemText(bytes)
  return { trusted: [], keys: [pemKeyEntry(text, text, keyPassword)] }
}

/** Reads a PEM trust store: certificates in one file. */
export function readPemTrustStore(bytes: Buffer): Store {
  checkSize(bytes)
  return { trusted: pemCertificates(pemText(bytes)), keys: [] }
}

function pemText(bytes: Buffer): string {
  if (!bytes.includes('-----BEGIN ') && (bytes[0] === DER_SEQUENCE || (bytes[0] ?? 0) >= 0x80))
    throw new UnreadableInput('is not PEM but a binary store: set the type of the store to PKCS12 or JKS')
  return bytes.toString('latin1')
}
