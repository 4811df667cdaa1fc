import { Buffer } from 'node:buffer'
import { createDecipheriv, createHash, createHmac, pbkdf2Sync, timingSafeEqual } from 'node:crypto'
import { type DerReader, Tag } from './der.js'
import { UnreadableInput } from './unreadable-input.js'

/** More rounds than any program asks for. A store with more would keep the process busy for minutes. */
const MAX_ITERATIONS = 1_000_000

/** The purposes of RFC 7292, appendix B.3. */
const KEY = 1
const IV = 2
const MAC = 3

interface HashFunction {
  readonly name: string
  readonly bytes: number
  readonly blockBytes: number
}

const sha1: HashFunction = { name: 'sha1', bytes: 20, blockBytes: 64 }
const sha256: HashFunction = { name: 'sha256', bytes: 32, blockBytes: 64 }
const sha384: HashFunction = { name: 'sha384', bytes: 48, blockBytes: 128 }
const sha512: HashFunction = { name: 'sha512', bytes: 64, blockBytes: 128 }

const digests: ReadonlyMap<string, HashFunction> = new Map([
  ['1.3.14.3.2.26', sha1],
  ['2.16.840.1.101.3.4.2.1', sha256],
  ['2.16.840.1.101.3.4.2.2', sha384],
  ['2.16.840.1.101.3.4.2.3', sha512],
])

const hmacs: ReadonlyMap<string, HashFunction> = new Map([
  ['1.2.840.113549.2.7', sha1],
  ['1.2.840.113549.2.9', sha256],
  ['1.2.840.113549.2.10', sha384],
  ['1.2.840.113549.2.11', sha512],
])

const ciphers: ReadonlyMap<string, { readonly name: string; readonly keyBytes: number }> = new Map([
  ['2.16.840.1.101.3.4.1.2', { name: 'aes-128-cbc', keyBytes: 16 }],
  ['2.16.840.1.101.3.4.1.22', { name: 'aes-192-cbc', keyBytes: 24 }],
  ['2.16.840.1.101.3.4.1.42', { name: 'aes-256-cbc', keyBytes: 32 }],
  ['1.2.840.113549.3.7', { name: 'des-ede3-cbc', keyBytes: 24 }],
])

const PBES2 = '1.2.840.113549.1.5.13'
const PBKDF2 = '1.2.840.113549.1.5.12'
const PBE_SHA1_3DES = '1.2.840.113549.1.12.1.3'

/**
 * Decrypts content with the algorithm and the parameters that `algorithm` names: PBES2 (RFC 8018) or SHA-1
 * with triple DES (RFC 7292).
 */
export function decrypt(algorithm: DerReader, content: Buffer, password: string): Buffer {
  const scheme = algorithm.takeObjectIdentifier()
  if (scheme === PBES2) {
    const parameters = algorithm.enter(Tag.SEQUENCE)
    return decryptPbes2(parameters, content, password)
  }
  if (scheme !== PBE_SHA1_3DES) throw unknownEncryption()
  const parameters = algorithm.enter(Tag.SEQUENCE)
  const salt = parameters.take(Tag.OCTET_STRING)
  const iterations = iterationsOf(parameters)
  const derived = (purpose: number, length: number): Buffer =>
    deriveBytes(sha1, purpose, password, salt, iterations, length)
  return decipher('des-ede3-cbc', derived(KEY, 24), derived(IV, 8), content)
}

/**
 * Checks the integrity of a store's content.
 *
 * @param mac the fields of MacData
 * @throws UnreadableInput if the password is wrong or the store damaged, which look the same
 */
export function checkMac(mac: DerReader, content: Buffer, password: string): void {
  const digestInfo = mac.enter(Tag.SEQUENCE)
  const hash = digests.get(digestInfo.enter(Tag.SEQUENCE).takeObjectIdentifier())
  if (hash === undefined)
    throw new UnreadableInput('is protected by a digest that this version does not know')
  const expected = digestInfo.take(Tag.OCTET_STRING)
  const salt = mac.take(Tag.OCTET_STRING)
  const iterations = mac.isAtEnd ? 1 : iterationsOf(mac)
  const key = deriveBytes(hash, MAC, password, salt, iterations, hash.bytes)
  const actual = createHmac(hash.name, key).update(content).digest()
  if (actual.length !== expected.length || !timingSafeEqual(actual, expected))
    throw new UnreadableInput('cannot be opened: its password is wrong, or it is damaged', true)
}

function decryptPbes2(parameters: DerReader, content: Buffer, password: string): Buffer {
  const derivation = parameters.enter(Tag.SEQUENCE)
  if (derivation.takeObjectIdentifier() !== PBKDF2) throw unknownEncryption()
  const fields = derivation.enter(Tag.SEQUENCE)
  const salt = fields.take(Tag.OCTET_STRING)
  const iterations = iterationsOf(fields)
  if (fields.nextTag === Tag.INTEGER) fields.takeInteger() // the length of the key, which the cipher knows
  const hmac = fields.isAtEnd ? sha1 : hmacs.get(fields.enter(Tag.SEQUENCE).takeObjectIdentifier())
  const encryption = parameters.enter(Tag.SEQUENCE)
  const cipher = ciphers.get(encryption.takeObjectIdentifier())
  if (hmac === undefined || cipher === undefined) throw unknownEncryption()
  const key = pbkdf2Sync(password, salt, iterations, cipher.keyBytes, hmac.name)
  return decipher(cipher.name, key, encryption.take(Tag.OCTET_STRING), content)
}

function decipher(name: string, key: Buffer, iv: Buffer, content: Buffer): Buffer {
  try {
    const stream = createDecipheriv(name, key, iv)
    return Buffer.concat([stream.update(content), stream.final()])
  } catch {
    throw new UnreadableInput('cannot be decrypted: its password is wrong, or it is damaged', true)
  }
}

function iterationsOf(reader: DerReader): number {
  const iterations = reader.takeInteger()
  if (iterations >= 1 && iterations <= MAX_ITERATIONS) return iterations
  throw new UnreadableInput(`asks for ${iterations} rounds of hashing; from 1 to ${MAX_ITERATIONS} are done`)
}

/** The key derivation of RFC 7292, appendix B.2. */
function deriveBytes(
  hash: HashFunction,
  purpose: number,
  password: string,
  salt: Buffer,
  iterations: number,
  length: number,
): Buffer {
  const { name, blockBytes } = hash
  const diversifier = Buffer.alloc(blockBytes, purpose)
  // The password is in UTF-16 and ends with a zero character.
  const secret = Buffer.from(`${password}\0`, 'utf16le').swap16()
  const input = Buffer.concat([filled(salt, blockBytes), filled(secret, blockBytes)])
  const parts: Buffer[] = []
  for (let have = 0; have < length; have += hash.bytes) {
    let part = createHash(name).update(diversifier).update(input).digest()
    for (let round = 1; round < iterations; round++) part = createHash(name).update(part).digest()
    parts.push(part)
    addToBlocks(input, filled(part, blockBytes).subarray(0, blockBytes), blockBytes)
  }
  return Buffer.concat(parts).subarray(0, length)
}

/** The bytes again and again, up to a whole number of blocks. */
function filled(bytes: Buffer, blockBytes: number): Buffer {
  if (bytes.length === 0) return bytes
  return Buffer.alloc(Math.ceil(bytes.length / blockBytes) * blockBytes, bytes)
}

/** Adds `addend` + 1 to every block, each a number in big-endian order. */
function addToBlocks(blocks: Buffer, addend: Buffer, blockBytes: number): void {
  for (let start = 0; start < blocks.length; start += blockBytes) {
    let carry = 1
    for (let i = blockBytes - 1; i >= 0; i--) {
      const sum = (blocks[start + i] ?? 0) + (addend[i] ?? 0) + carry
      blocks[start + i] = sum & 0xff
      carry = sum >> 8
    }
  }
}

function unknownEncryption(): UnreadableInput {
  return new UnreadableInput(
    'is encrypted in a form that this version does not read, such as the RC2 of older JDKs: write it anew with keytool -importkeystore -deststoretype PKCS12 of a JDK 17 or later',
  )
}
