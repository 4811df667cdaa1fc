import type { Buffer } from 'node:buffer'
import type { OpenSocket } from '../../../src/environment/socket.js'
import { ApiVersions } from '../../../src/protocol/api-versions.js'
import { Produce } from '../../../src/protocol/produce.js'
import { SaslAuthenticate } from '../../../src/protocol/sasl-authenticate.js'
import { SaslHandshake } from '../../../src/protocol/sasl-handshake.js'
import { FrameAssembler } from '../../../src/testing/frame-assembler.js'
import type { Ledger } from '../ledger.js'
import { connectionInUse, isRefused, REASONS_TO_REFUSE, type Usable } from './refusal-judge.js'
import type { SecurityScenario } from './security-scenario.js'
import { headerOf, WatchedLogin } from './watched-login.js'

const MAX_FRAME_BYTES = 0x7fffffff

/**
 * Checks each connection at the client's end: nothing is sent before the TLS handshake has ended, nothing but
 * a login before and during a login, and nothing after the end of a session.
 */
export class SecurityWatch {
  readonly #scenario: SecurityScenario
  readonly #nowMs: () => number
  readonly #acks: number
  readonly #report: (violation: string) => void
  readonly #usable: Usable[] = []
  /** Called with the name when a session was renewed. */
  struck: (fault: string) => void = () => undefined

  constructor(
    scenario: SecurityScenario,
    nowMs: () => number,
    acks: number,
    report: (violation: string) => void,
  ) {
    this.#scenario = scenario
    this.#nowMs = nowMs
    this.#acks = acks
    this.#report = report
  }

  /** The same network, watched from the client's end. */
  watched(openSocket: OpenSocket): OpenSocket {
    const { encrypts, mechanism } = this.#scenario
    return (address, listener) => {
      const login = mechanism === null ? null : this.#login(mechanism)
      const frames = new FrameAssembler(MAX_FRAME_BYTES)
      let isSecured = !encrypts
      let isReadable = true
      let usable: Usable | null = null
      const ended = (): void => {
        if (usable !== null) usable.untilMs = Math.min(usable.untilMs, this.#nowMs())
      }
      const socket = openSocket(address, {
        connected: () => listener.connected(),
        received: (chunk) => {
          listener.received(chunk)
          if (login === null || !isReadable) return
          isReadable = answersIn(frames, chunk, (answer) => login.answered(answer))
        },
        closed: (error) => {
          ended()
          listener.closed(error)
        },
      })
      return {
        write: (chunks, written) => {
          if (!isSecured) this.#report('bytes were sent before the TLS handshake had ended')
          const apiKey = login?.sent(chunks, isReadable) ?? headerOf(chunks).apiKey
          if (apiKey !== null && !SET_UP_KEYS.has(apiKey) && usable === null) {
            usable = { fromMs: this.#nowMs(), untilMs: Number.POSITIVE_INFINITY, port: address.port }
            this.#usable.push(usable)
          }
          socket.write(chunks, written)
        },
        secure: async (options) => {
          const session = await socket.secure(options)
          isSecured = true
          return session
        },
        destroy: () => {
          ended()
          socket.destroy()
        },
      }
    }
  }

  /**
   * A record fails for the sake of the credentials or a certificate only after something was wrong with them,
   * and only while no broker takes the client.
   */
  judgeRefusals(ledger: Ledger, strikes: ReadonlyMap<string, number>): void {
    const mayBeRefused = REASONS_TO_REFUSE.some((name) => strikes.has(name))
    for (const record of ledger.records) {
      if (!isRefused(record)) continue
      const { id, topic } = record
      const usable = connectionInUse(record, this.#usable)
      if (usable !== null)
        this.#report(
          `record ${id} (${topic}) failed with an AuthenticationError while the broker at port ${usable.port} took the client`,
        )
      if (!mayBeRefused)
        this.#report(
          `record ${id} (${topic}) failed with an AuthenticationError, and nobody had refused the client`,
        )
    }
  }

  #login(mechanism: string): WatchedLogin {
    return new WatchedLogin(mechanism, {
      nowMs: this.#nowMs,
      hasAnswer: (apiKey) => apiKey !== Produce.key || this.#acks !== 0,
      report: this.#report,
      renewed: () => this.struck('session renewed'),
    })
  }
}

/** The requests before a connection is used. */
const SET_UP_KEYS: ReadonlySet<number> = new Set([ApiVersions.key, SaslHandshake.key, SaslAuthenticate.key])

/** Passes on the whole answers that have arrived. Returns false after bytes that are no answer. */
function answersIn(frames: FrameAssembler, chunk: Buffer, answered: (answer: Buffer) => boolean): boolean {
  try {
    frames.push(chunk)
    for (let frame = frames.next(); frame !== null; frame = frames.next()) if (!answered(frame)) return false
    return true
  } catch {
    return false
  }
}
