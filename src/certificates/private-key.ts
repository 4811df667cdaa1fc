import type { Buffer } from 'node:buffer'
import { createPrivateKey, type KeyObject } from 'node:crypto'
import { types } from 'node:util'
import { DerReader, Tag } from './der.js'
import { UnreadableInput } from './unreadable-input.js'

const UNREADABLE_ENCRYPTION =
  'has a private key encrypted in a form that this runtime cannot read: encrypt the key anew with openssl pkcs8 -topk8 -v2 aes-256-cbc'

/**
 * Reads a private key: a PEM text of PKCS#8, PKCS#1 or SEC1, or the bytes of PKCS#8. It may be encrypted.
 *
 * @throws UnreadableInput that says whether the password is missing, wrong or not the reason
 */
export function privateKey(source: string | Buffer, password: string | undefined): KeyObject {
  const passphrase = password === undefined ? {} : { passphrase: password }
  try {
    return typeof source === 'string'
      ? createPrivateKey({ key: source, format: 'pem', ...passphrase })
      : createPrivateKey({ key: source, format: 'der', type: 'pkcs8', ...passphrase })
  } catch (error) {
    throw refusal(error, source, password)
  }
}

/** OpenSSL's error in words. Neither its text nor the error itself is passed on. */
function refusal(error: unknown, source: string | Buffer, password: string | undefined): UnreadableInput {
  const code = types.isNativeError(error) && 'code' in error ? String(error.code) : ''
  if (!isEncrypted(source))
    return new UnreadableInput('has a private key that is damaged or of an unknown kind')
  if (password === undefined)
    return new UnreadableInput('has an encrypted private key, and no password of the key is given', true)
  if (code === 'ERR_OSSL_EVP_UNSUPPORTED') return new UnreadableInput(UNREADABLE_ENCRYPTION)
  // A wrong password may look like any other damage: one in 256 gives a valid padding.
  return new UnreadableInput('has an encrypted private key, and the password of the key is wrong', true)
}

/** Encrypted PKCS#8 begins with two sequences. The first value of a plain key is its version. */
function isEncrypted(source: string | Buffer): boolean {
  if (typeof source === 'string') return source.includes('ENCRYPTED')
  try {
    return new DerReader(source).enter(Tag.SEQUENCE).nextTag === Tag.SEQUENCE
  } catch {
    return false
  }
}
