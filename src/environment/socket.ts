/** Where to dial: one address, already resolved. */
export interface SocketAddress {
  /** An IPv4 or IPv6 address. */
  readonly address: string
  readonly family: 4 | 6
  readonly port: number
}

/** What a socket tells its owner. `closed` comes exactly once, last, whoever ended the connection. */
export interface SocketListener {
  connected(): void
  /** The chunk belongs to the listener from now on. */
  received(chunk: Buffer): void
  /** `error` is null after an orderly end by the peer or after `destroy()`. */
  closed(error: Error | null): void
}

/** One TCP connection, as little of it as a client of Kafka needs. */
export interface Socket {
  /**
   * Hands chunks to the operating system, in order and in one go. `written` is called once when it has taken all of them, never
   * after `destroy()`. Until then, or until the socket is destroyed, the chunks must not change.
   */
  write(chunks: readonly Uint8Array[], written: () => void): void
  /** Ends the connection at once. The socket reads none of the chunks given to it after this returns. */
  destroy(): void
}

/** Starts a connection; every event comes later, never within the call. */
export type OpenSocket = (address: SocketAddress, listener: SocketListener) => Socket

/** All addresses of a host name, in the resolver's order; rejects if there is none. */
export type Lookup = (host: string) => Promise<readonly Omit<SocketAddress, 'port'>[]>
