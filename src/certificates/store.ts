import type { KeyObject, X509Certificate } from 'node:crypto'

/** A private key and its certificates: the key's own first, then the issuer of each. */
export interface KeyEntry {
  readonly key: KeyObject
  readonly chain: readonly X509Certificate[]
}

/** The content of a key store or trust store, whatever its format. */
export interface Store {
  /** The certificates that the store itself trusts. */
  readonly trusted: readonly X509Certificate[]
  readonly keys: readonly KeyEntry[]
}

/** The passwords of a store. */
export interface StorePasswords {
  /** Undefined: the store is read without a check for damage, as far as its format allows that. */
  readonly store: string | undefined
  /** The password of the private key. Undefined: the store's. */
  readonly key: string | undefined
}
