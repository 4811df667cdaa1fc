import { Buffer } from 'node:buffer'
import { beforeEach, describe, expect, it } from 'vitest'
import type { Api } from '../../../src/protocol/api.js'
import { ErrorCode } from '../../../src/protocol/error-codes.js'
import { encodeRequest, encodeResponse } from '../../../src/protocol/frame.js'
import { SaslAuthenticate } from '../../../src/protocol/sasl-authenticate.js'
import { SaslHandshake } from '../../../src/protocol/sasl-handshake.js'
import { WatchedLogin } from '../../simulation/security/watched-login.js'

const METADATA = 3
const API_VERSIONS = 18

let nowMs: number
let complaints: string[]
let renewals: number
let login: WatchedLogin
let id: number
beforeEach(() => begin('PLAIN'))

function begin(mechanism: string): void {
  nowMs = 0
  complaints = []
  renewals = 0
  id = 0
  login = new WatchedLogin(mechanism, {
    nowMs: () => nowMs,
    hasAnswer: () => true,
    report: (complaint) => complaints.push(complaint),
    renewed: () => renewals++,
  })
}

/** A request of any API, with nothing behind its header. */
function send(apiKey: number): void {
  const header = Buffer.alloc(14)
  header.writeInt16BE(apiKey, 4)
  header.writeInt32BE(id++, 8)
  login.sent([header], true)
}

function ask<Request, Response>(api: Api<Request, Response>, request: Request, response: Response): void {
  login.sent(encodeRequest(api, 1, id, 'c', request), true)
  const frame = Buffer.concat(encodeResponse(api, 1, id++, response)).subarray(4)
  expect(login.answered(frame)).toBe(true)
}

const shakeHands = (errorCode: number = ErrorCode.NONE): void =>
  ask(SaslHandshake, { mechanism: 'PLAIN' }, { errorCode, mechanisms: ['PLAIN'] })
const authenticate = (
  errorCode: number = ErrorCode.NONE,
  lifetimeMs = 0n,
  authBytes = Buffer.alloc(0),
): void =>
  ask(
    SaslAuthenticate,
    { authBytes: Buffer.from('x') },
    { errorCode, errorMessage: null, authBytes, sessionLifetimeMs: lifetimeMs },
  )

describe('the watch over a login', () => {
  it('has no complaint of a login, a renewal and requests between them', () => {
    send(API_VERSIONS)
    login.answered(Buffer.from([0, 0, 0, 0]))
    shakeHands()
    authenticate(ErrorCode.NONE, 3_000n)
    nowMs = 2_900
    ask(SaslHandshake, { mechanism: 'PLAIN' }, { errorCode: ErrorCode.NONE, mechanisms: [] })
    authenticate(ErrorCode.NONE, 3_000n)
    nowMs = 5_000
    send(METADATA)
    expect(complaints).toEqual([])
    expect(renewals).toBe(1)
  })

  it('complains of a request before the login, in it, and behind a refusal', () => {
    send(METADATA)
    expect(complaints).toEqual(['a request with API key 3 was sent before the login'])
    begin('PLAIN')
    shakeHands()
    send(METADATA)
    expect(complaints).toEqual(['a request with API key 3 was sent in the midst of the login'])
    begin('PLAIN')
    shakeHands()
    authenticate(ErrorCode.SASL_AUTHENTICATION_FAILED)
    send(METADATA)
    expect(complaints).toEqual(['a request with API key 3 was sent after the broker had refused the login'])
  })

  it('complains of a request during a renewal, and after the end of a session', () => {
    shakeHands()
    authenticate(ErrorCode.NONE, 1_000n)
    nowMs = 1_000.5
    send(METADATA)
    expect(complaints).toEqual(['a request with API key 3 was sent 0.5 ms after the end of its session'])
    begin('PLAIN')
    shakeHands()
    authenticate(ErrorCode.NONE, 1_000n)
    shakeHands()
    send(METADATA)
    expect(complaints).toEqual(['a request with API key 3 was sent while a session was being renewed'])
  })

  it('knows that a session goes on whose renewal was too early, until its end', () => {
    shakeHands()
    authenticate(ErrorCode.NONE, 1_000n)
    shakeHands(ErrorCode.ILLEGAL_SASL_STATE)
    send(METADATA)
    expect(complaints).toEqual([])
    nowMs = 1_001
    send(METADATA)
    expect(complaints).toHaveLength(1)
  })

  it.each([
    ['SCRAM-SHA-256', 'server-first'],
    ['OAUTHBEARER', '{"status":"invalid_token"}'],
  ])('knows that a login with %s goes on after "%s"', (mechanism, challenge) => {
    begin(mechanism)
    shakeHands()
    authenticate(ErrorCode.NONE, 0n, Buffer.from(challenge))
    send(METADATA)
    expect(complaints).toEqual(['a request with API key 3 was sent in the midst of the login'])
  })
})
