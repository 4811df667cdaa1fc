/** One accepted TCP connection, as little of it as a broker needs. */
export interface AcceptedSocket {
  /** Takes chunks in order and in one go. Nothing is sent after `end()` or `destroy()`. The broker never changes them afterwards. */
  write(chunks: readonly Uint8Array[]): void
  /** Ends the connection behind what has been written, as a process does that closes its socket. */
  end(): void
  /** Ends the connection at once; what the peer has not got yet is lost. */
  destroy(): void
}

/** What an accepted socket tells the broker. `closed` comes exactly once, last, whoever ended the connection. */
export interface AcceptedSocketListener {
  /** The chunk must not change as long as the request it belongs to is unread; batches are copied out of it. */
  received(chunk: Buffer): void
  closed(): void
}

/** Called for each new connection; never within the call of `listen`. */
export type Accept = (socket: AcceptedSocket) => AcceptedSocketListener

/** A port that takes connections. */
export interface ListeningPort {
  readonly host: string
  readonly port: number
  /** Takes no more connections; those accepted go on. Resolves when the port is free. */
  close(): Promise<void>
}

/**
 * Opens a port for a broker; 0 asks for any free one. The counterpart of `OpenSocket`: with both from one in-memory network, a client and
 * its brokers run in one process on virtual time.
 */
export type Listen = (port: number, accept: Accept) => Promise<ListeningPort>
