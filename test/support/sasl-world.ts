import type { KafkaError } from '../../src/errors.js'
import { NetworkError } from '../../src/errors.js'
import { type SetUpFailure, setUpConnection } from '../../src/network/connect/connection-setup.js'
import type { SetUp } from '../../src/network/connect/connection-step.js'
import { MAX_SASL_BYTES } from '../../src/network/connect/sasl-exchange.js'
import { saslSteps } from '../../src/network/connect/sasl-steps.js'
import { Connection } from '../../src/network/connection/connection.js'
import type { SaslConversation } from '../../src/network/sasl/mechanism.js'
import { Stalls } from '../../src/network/stalls.js'
import type { VersionRange } from '../../src/protocol/api.js'
import { ErrorCode } from '../../src/protocol/error-codes.js'
import { decodeRequest, decodeRequestHeader, encodeResponse } from '../../src/protocol/frame.js'
import { SaslAuthenticate, type SaslAuthenticateResponse } from '../../src/protocol/sasl-authenticate.js'
import { SaslHandshake, type SaslHandshakeResponse } from '../../src/protocol/sasl-handshake.js'
import { ManualClock } from './manual-clock.js'
import { ScriptedNetwork, type ScriptedPeer } from './scripted-network.js'

/** Fields of an answer that succeeds, or bytes that go out as they are. */
type Reply<Response> = Partial<Response> | Uint8Array | 'close' | 'silence'

/** What a broker says during a login. */
export interface SaslScript {
  handshake?(mechanism: string): Reply<SaslHandshakeResponse>
  authenticate?(bytes: Buffer, round: number): Reply<SaslAuthenticateResponse>
}

/** A request as the broker saw it. */
export interface SaslRequest {
  readonly api: 'SaslHandshake' | 'SaslAuthenticate' | 'other'
  readonly version: number
  /** The mechanism, or the bytes of the mechanism. */
  readonly said: string
}

/** A connection to a broker whose part of a login is written down. */
export class SaslWorld {
  readonly clock: ManualClock = new ManualClock()
  readonly requests: SaslRequest[] = []
  readonly setUp: SetUp
  readonly connection: Connection
  readonly #stalls: Stalls
  #round = 0

  constructor(
    script: SaslScript,
    conversation: SaslConversation,
    ranges: readonly (readonly [number, VersionRange])[] = [
      [SaslHandshake.key, [0, 1]],
      [SaslAuthenticate.key, [0, 2]],
    ],
  ) {
    const network = new ScriptedNetwork()
    network.on('10.0.0.1:9092', (peer) => {
      peer.onBytes = () => this.#serve(peer, script)
    })
    this.#stalls = new Stalls(this.clock)
    const broker = 'kafka:9092 (node 1)'
    this.connection = new Connection(
      {
        clock: this.clock,
        stalls: this.#stalls,
        openSocket: network.openSocket,
        address: { address: '10.0.0.1', family: 4, port: 9092 },
        broker,
        clientId: 'test',
        requestTimeoutMs: 30_000,
        maxIdleMs: 540_000,
        maxResponseBytes: 100_000_000,
      },
      { closed: () => {}, slotFree: () => {}, quiet: () => {} },
    )
    this.connection.limitResponses(MAX_SASL_BYTES)
    this.setUp = {
      connection: this.connection,
      target: { host: 'kafka', port: 9092, broker, advertised: false, nodeId: 1, clusterId: null },
      step: 'TCP connect',
      versions: { ranges: new Map(ranges), finalizedFeatures: new Map() },
      throttleMs: 0,
      conversation,
      sessionLifetimeMs: 0n,
    }
  }

  /** Runs the login. Null if it succeeded. */
  async logIn(mechanism: string): Promise<SetUpFailure | null> {
    await this.connection.connected
    return setUpConnection(this.setUp, saslSteps(mechanism), 10_000, this.#stalls)
  }

  async refused(mechanism: string): Promise<KafkaError> {
    const failure = await this.logIn(mechanism)
    if (failure === null) throw new Error('the login succeeded')
    return failure.error
  }

  end(): void {
    this.connection.close(new NetworkError('the test is over'))
  }

  #serve(peer: ScriptedPeer, script: SaslScript): void {
    while (peer.received.length >= 4 && peer.received.length >= 4 + peer.received.readInt32BE(0)) {
      const size = peer.received.readInt32BE(0)
      const frame = peer.received.subarray(4, 4 + size)
      peer.received = peer.received.subarray(4 + size)
      this.#answer(peer, script, frame)
    }
  }

  #answer(peer: ScriptedPeer, script: SaslScript, frame: Buffer): void {
    const { header, body } = decodeRequestHeader(frame, (key) =>
      key === SaslAuthenticate.key ? SaslAuthenticate.flexibleFrom : Number.POSITIVE_INFINITY,
    )
    const { apiVersion: version, correlationId } = header
    const reply = <Response>(
      response: Reply<Response>,
      encode: (full: Partial<Response>) => Uint8Array[],
    ): void => {
      if (response === 'close') peer.end()
      else if (response instanceof Uint8Array) peer.send(response)
      else if (response !== 'silence') peer.send(...encode(response))
    }
    if (header.apiKey === SaslHandshake.key) {
      const { mechanism } = decodeRequest(SaslHandshake, body)
      this.requests.push({ api: 'SaslHandshake', version, said: mechanism })
      reply(script.handshake?.(mechanism) ?? {}, (given) =>
        encodeResponse(SaslHandshake, version, correlationId, {
          errorCode: ErrorCode.NONE,
          mechanisms: [mechanism],
          ...given,
        }),
      )
    } else if (header.apiKey === SaslAuthenticate.key) {
      const bytes = Buffer.from(decodeRequest(SaslAuthenticate, body).authBytes)
      this.requests.push({ api: 'SaslAuthenticate', version, said: bytes.toString('latin1') })
      reply(script.authenticate?.(bytes, this.#round++) ?? {}, (given) =>
        encodeResponse(SaslAuthenticate, version, correlationId, {
          errorCode: ErrorCode.NONE,
          errorMessage: null,
          authBytes: new Uint8Array(),
          sessionLifetimeMs: 0n,
          ...given,
        }),
      )
    } else this.requests.push({ api: 'other', version, said: '' })
  }
}
