import { showAs } from '../printing.js'
import type { Fault } from './fault.js'

/** The TLS handshakes that a fault is for. */
export interface HandshakeMatch {
  /** The broker that is connected to. The default: any. */
  readonly nodeId?: number | undefined
  /** The number of matching handshakes before the fault strikes. The default is 0. */
  readonly skip?: number | undefined
  /** The number of handshakes that the fault strikes. The default is 1. Infinity: until it is removed. */
  readonly times?: number | undefined
}

/** The way in which a fault changes a handshake. */
export type HandshakeFate =
  | { readonly kind: 'refuse' | 'reset' | 'cut' }
  | { readonly kind: 'delay'; readonly delayMs: number }

/** A fault that strikes matching handshakes, and counts. */
export class HandshakeFault implements Fault {
  readonly fate: HandshakeFate
  readonly remove: () => void
  readonly #nodeId: number | undefined
  #toSkip: number
  #left: number
  #hits = 0

  static {
    showAs(HandshakeFault.prototype, 'Fault', ({ hits }) => ({ hits }))
  }

  constructor({ nodeId, skip = 0, times = 1 }: HandshakeMatch, fate: HandshakeFate, remove: () => void) {
    this.fate = fate
    this.remove = remove
    this.#nodeId = nodeId
    this.#toSkip = skip
    this.#left = times
  }

  get hits(): number {
    return this.#hits
  }

  /** Whether the fault strikes the handshake that begins now. */
  strikes(nodeId: number): boolean {
    if (this.#nodeId !== undefined && this.#nodeId !== nodeId) return false
    if (this.#toSkip > 0) {
      this.#toSkip--
      return false
    }
    if (this.#left <= 0) return false
    this.#left--
    this.#hits++
    return true
  }
}
