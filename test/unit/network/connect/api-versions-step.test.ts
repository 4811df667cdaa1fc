import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type KafkaError, NetworkError } from '../../../../src/errors.js'
import { negotiateVersions } from '../../../../src/network/connect/api-versions-step.js'
import { type SetUpFailure, setUpConnection } from '../../../../src/network/connect/connection-setup.js'
import type { SetUp } from '../../../../src/network/connect/connection-step.js'
import { Connection } from '../../../../src/network/connection/connection.js'
import { Stalls } from '../../../../src/network/stalls.js'
import { ApiVersions } from '../../../../src/protocol/api-versions.js'
import { ErrorCode } from '../../../../src/protocol/error-codes.js'
import { encodeResponse } from '../../../../src/protocol/frame.js'
import { Metadata } from '../../../../src/protocol/metadata.js'
import { ManualClock } from '../../../support/manual-clock.js'
import { ScriptedNetwork } from '../../../support/scripted-network.js'

/** The body of the answer, after the correlation id. Null: the connection ends. */
type Answers = (version: number) => Buffer | null

const NEWEST = ApiVersions.versions[1]
const TARGET = {
  host: 'kafka',
  port: 9092,
  broker: 'kafka:9092 (node 1)',
  advertised: false,
  nodeId: 1,
  clusterId: 'cluster',
}

let clock: ManualClock
let network: ScriptedNetwork
let setUp: SetUp
/** The versions that the broker was asked in. */
let asked: number[]

beforeEach(() => {
  clock = new ManualClock()
  network = new ScriptedNetwork()
  asked = []
})

afterEach(() => {
  setUp.connection.close(new NetworkError('the test is over'))
  expect(clock.pending).toBe(0)
})

/** Negotiates with a broker that answers each request version as `answers` says. */
async function negotiate(answers: Answers, atMost: number = NEWEST): Promise<SetUpFailure | null> {
  network.on('10.0.0.1:9092', (peer) => {
    peer.onBytes = () => {
      const request = peer.received
      peer.received = Buffer.alloc(0)
      const version = request.readInt16BE(6)
      asked.push(version)
      const body = answers(version)
      if (body === null) peer.end()
      else peer.send(framed(Buffer.concat([request.subarray(8, 12), body])))
    }
  })
  const stalls = new Stalls(clock)
  const connection = new Connection(
    {
      clock,
      stalls,
      openSocket: network.openSocket,
      address: { address: '10.0.0.1', family: 4, port: 9092 },
      broker: TARGET.broker,
      clientId: 'test',
      requestTimeoutMs: 30_000,
      maxIdleMs: 540_000,
      maxResponseBytes: 1_000_000,
    },
    { closed: () => {}, slotFree: () => {}, quiet: () => {} },
  )
  setUp = {
    connection,
    target: TARGET,
    step: 'TCP connect',
    versions: undefined,
    throttleMs: 0,
    conversation: null,
    sessionLifetimeMs: 0n,
  }
  return setUpConnection(setUp, [negotiateVersions(atMost, null)], 10_000, stalls)
}

function framed(frame: Buffer): Buffer {
  const size = Buffer.alloc(4)
  size.writeInt32BE(frame.length)
  return Buffer.concat([size, frame])
}

/** An answer's body in a version. */
function bodyOf(version: number, errorCode: number, maxVersion: number): Buffer {
  const response = {
    errorCode,
    apiKeys: [
      { apiKey: Metadata.key, minVersion: 0, maxVersion: 13 },
      { apiKey: ApiVersions.key, minVersion: 0, maxVersion },
    ],
    throttleTimeMs: 0,
    supportedFeatures: [],
    finalizedFeaturesEpoch: -1n,
    finalizedFeatures: [],
    zkMigrationReady: false,
  }
  return Buffer.concat(encodeResponse(ApiVersions, version, 0, response)).subarray(8)
}

describe('versions are negotiated', () => {
  it('in the newest version that this client knows', async () => {
    expect(await negotiate((version) => bodyOf(version, 0, NEWEST))).toBeNull()
    expect(asked).toEqual([NEWEST])
    expect(setUp.versions?.ranges.get(ApiVersions.key)).toEqual([0, NEWEST])
  })

  it.each([4, 3, 2, 0])('with a broker that knows no more than version %i, in that one', async (known) => {
    const failure = await negotiate((version) =>
      version > known ? bodyOf(0, ErrorCode.UNSUPPORTED_VERSION, known) : bodyOf(version, 0, known),
    )
    expect(failure).toBeNull()
    expect(asked).toEqual([NEWEST, known])
  })

  it('in version 0 with a broker whose refusal has a body of its own', async () => {
    const refusal = Buffer.from('00230100120000000200000000', 'hex')
    expect(await negotiate((version) => (version > 0 ? refusal : bodyOf(0, 0, 2)))).toBeNull()
    expect(asked).toEqual([NEWEST, 0])
    expect(setUp.versions?.ranges.get(ApiVersions.key)).toEqual([0, 2])
  })

  it('not at all with a broker that also refuses version 0', async () => {
    const error = errorOf(await negotiate(() => Buffer.from('0023ff', 'hex')))
    expect(asked).toEqual([NEWEST, 0])
    expect(error.message).toMatch(/^ApiVersions: .*UNSUPPORTED_VERSION/)
  })
})

function errorOf(failure: SetUpFailure | null): KafkaError {
  if (failure === null) throw new Error('the set-up has not failed')
  return failure.error
}
