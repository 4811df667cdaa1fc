import type { Buffer } from 'node:buffer'
import type { KeyObject, X509Certificate } from 'node:crypto'
import { certificate, keyEntry } from './certificate-chain.js'
import { DerReader, Tag } from './der.js'
import { checkMac, decrypt } from './pkcs12-encryption.js'
import { privateKey } from './private-key.js'
import type { Store, StorePasswords } from './store.js'
import { UnreadableInput } from './unreadable-input.js'

const VERSION = 3
const DATA = '1.2.840.113549.1.7.1'
const ENCRYPTED_DATA = '1.2.840.113549.1.7.6'
const KEY_BAG = '1.2.840.113549.1.12.10.1.1'
const SHROUDED_KEY_BAG = '1.2.840.113549.1.12.10.1.2'
const CERTIFICATE_BAG = '1.2.840.113549.1.12.10.1.3'
const X509_CERTIFICATE = '1.2.840.113549.1.9.22.1'
/** Java's mark of a certificate that is to be trusted. */
const TRUSTED = '2.16.840.1.113894.746875.1.1'

interface Bags {
  readonly keys: KeyObject[]
  readonly certificates: { readonly certificate: X509Certificate; readonly isMarked: boolean }[]
}

/**
 * Reads a PKCS #12 store (RFC 7292).
 *
 * If the store has private keys, the certificates are chains of those keys, and only the certificates that
 * Java has marked are trusted. A store without keys is a trust store, whoever wrote it.
 *
 * @throws UnreadableInput if the store is damaged or of another kind, or the password is wrong
 */
export function readPkcs12(bytes: Buffer, passwords: StorePasswords): Store {
  const password = passwords.store ?? ''
  const pfx = new DerReader(bytes).enter(Tag.SEQUENCE)
  if (pfx.takeInteger() !== VERSION) throw new UnreadableInput('is not a PKCS #12 store of version 3')
  const authSafe = pfx.enter(Tag.SEQUENCE)
  if (authSafe.takeObjectIdentifier() !== DATA)
    throw new UnreadableInput('is a signed PKCS #12 store, which this version does not read')
  const content = authSafe.enter(Tag.CONTEXT_0).take(Tag.OCTET_STRING)
  if (!pfx.isAtEnd && passwords.store !== undefined) checkMac(pfx.enter(Tag.SEQUENCE), content, password)
  const bags: Bags = { keys: [], certificates: [] }
  const contents = new DerReader(content).enter(Tag.SEQUENCE)
  while (!contents.isAtEnd) {
    const safe = new DerReader(safeContents(contents.enter(Tag.SEQUENCE), password)).enter(Tag.SEQUENCE)
    while (!safe.isAtEnd) readBag(safe.enter(Tag.SEQUENCE), passwords.key ?? password, bags)
  }
  const all = bags.certificates.map((bag) => bag.certificate)
  const isTrustStore = bags.keys.length === 0
  return {
    trusted: bags.certificates
      .filter(({ isMarked }) => isTrustStore || isMarked)
      .map((bag) => bag.certificate),
    keys: bags.keys.map((key) => keyEntry(key, all)),
  }
}

/** The bags of one part of the store, decrypted if they are encrypted. */
function safeContents(info: DerReader, password: string): Buffer {
  const type = info.takeObjectIdentifier()
  if (type === DATA) return info.enter(Tag.CONTEXT_0).take(Tag.OCTET_STRING)
  if (type !== ENCRYPTED_DATA)
    throw new UnreadableInput('is encrypted for a certificate, not with a password')
  const encryptedData = info.enter(Tag.CONTEXT_0).enter(Tag.SEQUENCE)
  encryptedData.takeInteger()
  const encrypted = encryptedData.enter(Tag.SEQUENCE)
  encrypted.takeObjectIdentifier()
  const algorithm = encrypted.enter(Tag.SEQUENCE)
  return decrypt(algorithm, encrypted.take(Tag.IMPLICIT_0), password)
}

function readBag(bag: DerReader, keyPassword: string, bags: Bags): void {
  const type = bag.takeObjectIdentifier()
  const value = bag.enter(Tag.CONTEXT_0)
  if (type === KEY_BAG) bags.keys.push(privateKey(value.takeWhole(), undefined))
  else if (type === SHROUDED_KEY_BAG) bags.keys.push(privateKey(value.takeWhole(), keyPassword))
  else if (type === CERTIFICATE_BAG) {
    const fields = value.enter(Tag.SEQUENCE)
    if (fields.takeObjectIdentifier() !== X509_CERTIFICATE) return
    const der = fields.enter(Tag.CONTEXT_0).take(Tag.OCTET_STRING)
    const number = bags.certificates.length + 1
    bags.certificates.push({ certificate: certificate(der, number), isMarked: hasMark(bag) })
  }
}

function hasMark(bag: DerReader): boolean {
  if (bag.nextTag !== Tag.SET) return false
  const attributes = bag.enter(Tag.SET)
  while (!attributes.isAtEnd)
    if (attributes.enter(Tag.SEQUENCE).takeObjectIdentifier() === TRUSTED) return true
  return false
}
