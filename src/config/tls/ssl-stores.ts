import type { X509Certificate } from 'node:crypto'
import { pemCertificates, pemKeyEntry } from '../../certificates/pem-store.js'
import { readBinaryStore, readPemKeyStore, readPemTrustStore } from '../../certificates/read-store.js'
import type { KeyEntry, Store } from '../../certificates/store.js'
import { UnreadableInput } from '../../certificates/unreadable-input.js'
import type { Files } from '../../environment/files.js'
import { ConfigError } from '../../errors.js'
import { namedFile, shownFile } from '../named-file.js'
import type { ConnectionSettings } from '../types.js'

/** The key entries of Java's settings; empty without a key store. */
export function keyStore(config: ConnectionSettings, files: Files): readonly KeyEntry[] {
  const { sslKeystoreKey, sslKeystoreCertificateChain, sslKeystoreLocation, sslKeyPassword } = config
  const keyPassword = sslKeyPassword?.reveal()
  if (sslKeystoreKey !== null && sslKeystoreCertificateChain !== null) {
    const [key, chain] = [sslKeystoreKey.reveal(), sslKeystoreCertificateChain.reveal()]
    named('sslKeystoreCertificateChain', null, () => pemCertificates(chain))
    return [named('sslKeystoreKey', 'sslKeyPassword', () => pemKeyEntry(key, chain, keyPassword))]
  }
  if (sslKeystoreLocation === null) return []
  const isPem = config.sslKeystoreType === 'PEM'
  const bytes = namedFile('sslKeystoreLocation', sslKeystoreLocation, files)
  const passwordKey = isPem || sslKeyPassword !== null ? 'sslKeyPassword' : 'sslKeystorePassword'
  return named(shownFile('sslKeystoreLocation', sslKeystoreLocation), passwordKey, () => {
    const { keys } = isPem
      ? readPemKeyStore(bytes, keyPassword)
      : readBinaryStore(bytes, { store: config.sslKeystorePassword?.reveal(), key: keyPassword })
    if (keys.length === 0) throw new UnreadableInput('has no private key')
    return keys
  })
}

/** The trusted authorities of Java's settings; undefined without a trust store. */
export function trustStore(config: ConnectionSettings, files: Files): readonly X509Certificate[] | undefined {
  const { sslTruststoreCertificates, sslTruststoreLocation } = config
  if (sslTruststoreCertificates !== null)
    return named('sslTruststoreCertificates', null, () => pemCertificates(sslTruststoreCertificates.reveal()))
  if (sslTruststoreLocation === null) return undefined
  const bytes = namedFile('sslTruststoreLocation', sslTruststoreLocation, files)
  return named(shownFile('sslTruststoreLocation', sslTruststoreLocation), 'sslTruststorePassword', () => {
    const password = config.sslTruststorePassword?.reveal()
    const trusted = trustedBy(
      config.sslTruststoreType === 'PEM'
        ? readPemTrustStore(bytes)
        : readBinaryStore(bytes, { store: password, key: undefined }),
    )
    if (trusted.length === 0) throw new UnreadableInput('has no certificate to trust')
    return trusted
  })
}

/**
 * As in Java, a certificate that has its private key in the store is trusted too, and its issuers are not.
 */
function trustedBy({ trusted, keys }: Store): X509Certificate[] {
  return [...trusted, ...keys.flatMap(({ chain }) => chain.slice(0, 1))]
}

/**
 * Runs a reader whose errors are the end of a sentence that begins with `shown`, the key and perhaps the
 * file.
 */
function named<Result>(shown: string, passwordKey: string | null, read: () => Result): Result {
  try {
    return read()
  } catch (error) {
    if (!(error instanceof UnreadableInput)) throw error
    const [key = shown] = shown.split(' ')
    if (!error.isPassword || passwordKey === null) throw new ConfigError(key, `${shown} ${error.message}`)
    throw new ConfigError(passwordKey, `${shown} ${error.message}: check ${passwordKey}`)
  }
}
