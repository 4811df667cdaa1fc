import { createSecureContext, getCiphers, type SecureContext } from 'node:tls'

export type TlsVersion = 'TLSv1' | 'TLSv1.1' | 'TLSv1.2' | 'TLSv1.3'

/** The part of TLS that does not depend on the peer. One object serves any number of connections. */
export interface TlsContext {
  /** The trusted certificates in PEM, mostly those of authorities; undefined for those of the runtime. */
  readonly ca: readonly string[] | undefined
  /**
   * The certificate that proves who the client is: its private key, and the chain of certificates, in PEM.
   */
  readonly identity: { readonly key: string; readonly chain: string } | undefined
  readonly minVersion: TlsVersion
  readonly maxVersion: TlsVersion
  /** OpenSSL's names, in the order of preference; undefined for those of the runtime. */
  readonly ciphers: readonly string[] | undefined
}

const made = new WeakMap<TlsContext, SecureContext>()

/** OpenSSL's form of a context. It is made once for each object. */
export function secureContext(context: TlsContext): SecureContext {
  const known = made.get(context)
  if (known !== undefined) return known
  const { ca, identity, minVersion, maxVersion, ciphers } = context
  const fresh = createSecureContext({
    minVersion,
    maxVersion,
    // As in Java, every certificate in the list is trusted, also that of an intermediate authority or of a
    // broker.
    ...(ca !== undefined && { ca: [...ca], allowPartialTrustChain: true }),
    ...(identity !== undefined && { key: identity.key, cert: identity.chain }),
    ...(ciphers !== undefined && { ciphers: ciphers.join(':') }),
  })
  made.set(context, fresh)
  return fresh
}

/** Whether this runtime has a cipher suite of OpenSSL's name. */
export function isCipherSuite(name: string): boolean {
  return getCiphers().includes(name.toLowerCase())
}

/**
 * Whether OpenSSL finds a cipher suite by this word of a list. A word that takes suites away needs no match.
 */
export function isCipherList(word: string): boolean {
  // OpenSSL takes these for separators too, and passes over what it does not know between them.
  if (word === '' || [...' ,;'].some((separator) => word.includes(separator))) return false
  if ('!-+@'.includes(word.charAt(0))) return true
  try {
    createSecureContext({ ciphers: word })
    return true
  } catch {
    return false
  }
}
