import { Buffer } from 'node:buffer'
import { createHash, timingSafeEqual, type X509Certificate } from 'node:crypto'
import { certificate, keyEntry } from './certificate-chain.js'
import { DerReader, Tag } from './der.js'
import { privateKey } from './private-key.js'
import type { KeyEntry, Store, StorePasswords } from './store.js'
import { UnreadableInput } from './unreadable-input.js'

const DIGEST_BYTES = 20
/** Java signs a store with its password, these words and the content. */
const SALT_WORDS = 'Mighty Aphrodite'
const KEY_ENTRY = 1
const CERTIFICATE_ENTRY = 2
/** Java's own encryption of keys: an XOR with a chain of SHA-1 digests. */
const JAVA_KEY_PROTECTION = '1.3.6.1.4.1.42.2.17.1.1'

/**
 * Reads Java's own format of key stores, version 1 or 2. It is the format of
 * `sun.security.provider.JavaKeyStore`.
 *
 * @throws UnreadableInput if the store is damaged, or a password is wrong
 */
export function readJks(bytes: Buffer, passwords: StorePasswords): Store {
  if (bytes.length < 12 + DIGEST_BYTES) throw damaged()
  const body = bytes.subarray(0, -DIGEST_BYTES)
  if (passwords.store !== undefined) checkDigest(body, bytes.subarray(-DIGEST_BYTES), passwords.store)
  const reader = new JksReader(body)
  reader.take(4)
  const version = reader.uint32()
  if (version !== 1 && version !== 2)
    throw new UnreadableInput(`is a JKS store of the unknown version ${version}`)
  const trusted: X509Certificate[] = []
  const keys: KeyEntry[] = []
  for (let left = reader.uint32(); left > 0; left--) {
    const kind = reader.uint32()
    reader.text() // the alias
    reader.take(8) // the date
    if (kind === CERTIFICATE_ENTRY) trusted.push(reader.certificate(version, trusted.length + 1))
    else if (kind === KEY_ENTRY) keys.push(readKeyEntry(reader, version, passwords))
    else throw damaged()
  }
  return { trusted, keys }
}

function readKeyEntry(reader: JksReader, version: number, passwords: StorePasswords): KeyEntry {
  const protectedKey = reader.take(reader.uint32())
  const chain: X509Certificate[] = []
  for (let left = reader.uint32(); left > 0; left--) chain.push(reader.certificate(version, chain.length + 1))
  const password = passwords.key ?? passwords.store
  if (password === undefined) throw new UnreadableInput('has a private key, and no password is given', true)
  return keyEntry(privateKey(unprotected(protectedKey, password), undefined), chain)
}

function unprotected(protectedKey: Buffer, password: string): Buffer {
  const info = new DerReader(protectedKey).enter(Tag.SEQUENCE)
  if (info.enter(Tag.SEQUENCE).takeObjectIdentifier() !== JAVA_KEY_PROTECTION)
    throw new UnreadableInput('has a private key that is not encrypted as in a JKS store')
  const data = info.take(Tag.OCTET_STRING)
  if (data.length <= 2 * DIGEST_BYTES) throw damaged()
  const secret = utf16(password)
  const cipher = data.subarray(DIGEST_BYTES, -DIGEST_BYTES)
  const key = Buffer.alloc(cipher.length)
  let digest: Buffer = data.subarray(0, DIGEST_BYTES)
  for (let at = 0; at < cipher.length; at++) {
    if (at % DIGEST_BYTES === 0) digest = createHash('sha1').update(secret).update(digest).digest()
    key[at] = (cipher[at] ?? 0) ^ (digest[at % DIGEST_BYTES] ?? 0)
  }
  const check = createHash('sha1').update(secret).update(key).digest()
  if (!timingSafeEqual(check, data.subarray(-DIGEST_BYTES)))
    throw new UnreadableInput('has a private key for which the password is wrong', true)
  return key
}

function checkDigest(body: Buffer, digest: Buffer, password: string): void {
  const expected = createHash('sha1').update(utf16(password)).update(SALT_WORDS).update(body).digest()
  if (!timingSafeEqual(expected, digest))
    throw new UnreadableInput('cannot be opened: its password is wrong, or it is damaged', true)
}

/** A password as Java's `char`s. */
function utf16(password: string): Buffer {
  return Buffer.from(password, 'utf16le').swap16()
}

class JksReader {
  readonly #bytes: Buffer
  #at = 0

  constructor(bytes: Buffer) {
    this.#bytes = bytes
  }

  take(length: number): Buffer {
    const end = this.#at + length
    if (end > this.#bytes.length) throw damaged()
    const taken = this.#bytes.subarray(this.#at, end)
    this.#at = end
    return taken
  }

  uint32(): number {
    return this.take(4).readUInt32BE(0)
  }

  text(): string {
    return this.take(this.take(2).readUInt16BE(0)).toString('utf8')
  }

  certificate(version: number, number: number): X509Certificate {
    if (version === 2 && this.text() !== 'X.509')
      throw new UnreadableInput(`has a certificate ${number} that is not an X.509 certificate`)
    return certificate(this.take(this.uint32()), number)
  }
}

function damaged(): UnreadableInput {
  return new UnreadableInput('is damaged or cut off')
}
