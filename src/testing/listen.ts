/** The part of an accepted TCP connection that a broker needs. */
export interface AcceptedSocket {
  /**
   * Sends chunks in order and at once. Sends nothing after `end()` or `destroy()`. The broker never changes
   * the chunks afterwards.
   */
  write(chunks: readonly Uint8Array[]): void
  /** Ends the connection after the written bytes, like a process that closes its socket. */
  end(): void
  /** Ends the connection at once. Bytes that the peer has not received yet are lost. */
  destroy(): void
}

/**
 * The events of an accepted socket. `closed` is the last one and comes exactly once, whichever side ended the
 * connection.
 */
export interface AcceptedSocketListener {
  /** The chunk must not change until its request has been read. Batches are copied out of it. */
  received(chunk: Buffer): void
  closed(): void
}

/** Called for each new connection, but never within the call of `listen`. */
export type Accept = (socket: AcceptedSocket) => AcceptedSocketListener

/** A port that accepts connections. */
export interface ListeningPort {
  readonly host: string
  readonly port: number
  /** Accepts no more connections. Accepted connections stay open. Resolves when the port is free. */
  close(): Promise<void>
}

/**
 * Opens a port for a broker; 0 is any free port. It is the counterpart of `OpenSocket`: with both from one
 * in-memory network, a client and its brokers run in one process on virtual time.
 */
export type Listen = (port: number, accept: Accept) => Promise<ListeningPort>
