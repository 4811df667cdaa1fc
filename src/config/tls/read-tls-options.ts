import { Buffer } from 'node:buffer'
import { types } from 'node:util'
import { pemCertificates, pemKeyEntry } from '../../certificates/pem-store.js'
import { readBinaryStore } from '../../certificates/read-store.js'
import type { KeyEntry } from '../../certificates/store.js'
import { UnreadableInput } from '../../certificates/unreadable-input.js'
import { isCipherList, type TlsVersion } from '../../environment/secure-context.js'
import type { IdentityCheck, SecureSettings } from '../../environment/socket.js'
import { ConfigError } from '../../errors.js'
import { ownValue } from '../../own-value.js'
import { checkFields } from '../check-fields.js'
import { Secret } from '../secret.js'
import { quoted } from '../words.js'
import { secureSettings, type TlsMaterial } from './tls-material.js'
import { tlsOptionTable } from './tls-option-table.js'
import { tlsRange } from './tls-versions.js'

/** Options of Node that are decided here, each with the reason. */
const decidedHere: Readonly<Record<string, string>> = {
  host: 'the name of the broker is verified',
  servername: 'the name of the broker is sent',
  socket: 'the client opens the sockets',
  session: 'sessions are not resumed',
}

/**
 * Reads the user's options for TLS. They are copied, so later changes of the object have no effect.
 *
 * @throws ConfigError that names the option. It never has a part of a key, of a certificate or of a
 * passphrase
 */
export function readTlsOptions(given: unknown): TlsMaterial & { readonly settings: SecureSettings } {
  if (typeof given !== 'object' || given === null || Array.isArray(given))
    throw new ConfigError('tls', 'tls must be an object with options')
  for (const [name, reason] of Object.entries(decidedHere))
    if (Object.hasOwn(given, name))
      throw new ConfigError(`tls.${name}`, `tls.${name} cannot be set: ${reason}`)
  checkFields('tls', given, Object.keys(tlsOptionTable))
  // Own fields only: nothing that a library puts on Object.prototype may weaken the verification.
  const option = (name: string): unknown => ownValue(given, name) ?? undefined
  const range = rangeOf(option('minVersion'), option('maxVersion'))
  const material = { ca: authorities(option('ca')), identity: identityOf(option) }
  const ciphers = cipherNames(option('ciphers'))
  const context = { ...range, ciphers }
  const verifiesAuthority = flag(option('rejectUnauthorized'))
  const identity = identityCheck(option('checkServerIdentity'))
  return { ...material, settings: secureSettings(material, context, { verifiesAuthority, identity }, 'tls') }
}

function authorities(ca: unknown): TlsMaterial['ca'] {
  if (ca === undefined) return undefined
  return (Array.isArray(ca) ? ca : [ca]).flatMap((one) => {
    const text = pem('ca', one)
    return reading('ca', () => pemCertificates(text))
  })
}

function identityOf(option: (name: string) => unknown): KeyEntry | undefined {
  const [cert, key, pfx] = [option('cert'), option('key'), option('pfx')]
  const password = passphrase(option('passphrase'))
  if (pfx !== undefined) {
    if (cert !== undefined || key !== undefined)
      throw new ConfigError('tls.pfx', 'tls.pfx must be left out with tls.cert and tls.key')
    if (!types.isUint8Array(pfx)) throw new ConfigError('tls.pfx', 'tls.pfx must be bytes')
    return reading('pfx', () => {
      const [entry] = readBinaryStore(Buffer.from(pfx), { store: password, key: undefined }).keys
      if (entry === undefined) throw new UnreadableInput('has no private key')
      return entry
    })
  }
  if (cert === undefined && key === undefined) return undefined
  if (key === undefined)
    throw new ConfigError('tls.key', 'tls.key is missing: tls.cert needs its private key')
  if (cert === undefined)
    throw new ConfigError('tls.cert', 'tls.cert is missing: tls.key needs its certificate')
  const texts = { key: pem('key', key), cert: pem('cert', cert) }
  reading('cert', () => pemCertificates(texts.cert))
  return reading('key', () => pemKeyEntry(texts.key, texts.cert, password))
}

function pem(name: string, value: unknown): string {
  if (typeof value === 'string') return value
  if (types.isUint8Array(value)) return Buffer.from(value).toString('latin1')
  throw new ConfigError(`tls.${name}`, `tls.${name} must be PEM, as a string or bytes`)
}

function passphrase(value: unknown): string | undefined {
  if (value === undefined || typeof value === 'string') return value
  if (value instanceof Secret) return value.reveal()
  throw new ConfigError('tls.passphrase', 'tls.passphrase must be a string')
}

function rangeOf(
  minVersion: unknown,
  maxVersion: unknown,
): { minVersion: TlsVersion; maxVersion: TlsVersion } {
  const min = version('minVersion', minVersion ?? 'TLSv1.2')
  const max = version('maxVersion', maxVersion ?? 'TLSv1.3')
  if (min <= max) return { minVersion: min, maxVersion: max }
  throw new ConfigError('tls.minVersion', `tls.minVersion is ${min}, above tls.maxVersion, which is ${max}`)
}

function version(name: string, value: unknown): TlsVersion {
  const range = typeof value === 'string' && value !== 'TLS' ? tlsRange(value, [value]) : null
  if (range !== null && 'maxVersion' in range) return range.maxVersion
  throw new ConfigError(`tls.${name}`, `tls.${name} must be 'TLSv1', 'TLSv1.1', 'TLSv1.2' or 'TLSv1.3'`)
}

function cipherNames(value: unknown): readonly string[] | undefined {
  if (value === undefined) return undefined
  if (typeof value !== 'string' || value === '')
    throw new ConfigError('tls.ciphers', 'tls.ciphers must be names')
  const names = value.split(':')
  const unknown = names.find((name) => !isCipherList(name))
  if (unknown === undefined) return names
  throw new ConfigError(
    'tls.ciphers',
    `tls.ciphers has ${quoted(unknown.slice(0, 60))}, which is no cipher suite of this runtime: it takes OpenSSL's names, separated by colons`,
  )
}

function flag(value: unknown): boolean {
  if (value === undefined || typeof value === 'boolean') return value ?? true
  throw new ConfigError('tls.rejectUnauthorized', 'tls.rejectUnauthorized must be true or false')
}

function identityCheck(value: unknown): SecureSettings['identity'] {
  if (value === undefined) return 'host'
  if (typeof value === 'function') return value as IdentityCheck
  throw new ConfigError('tls.checkServerIdentity', 'tls.checkServerIdentity must be a function')
}

function reading<Result>(name: string, read: () => Result): Result {
  try {
    return read()
  } catch (error) {
    if (!(error instanceof UnreadableInput)) throw error
    const key = error.isPassword ? 'tls.passphrase' : `tls.${name}`
    throw new ConfigError(
      key,
      `tls.${name} ${error.message}${error.isPassword ? ': check tls.passphrase' : ''}`,
    )
  }
}
