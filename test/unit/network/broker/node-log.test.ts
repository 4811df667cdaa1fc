import { beforeEach, describe, expect, it } from 'vitest'
import { AuthenticationError, type KafkaError, NetworkError, ProtocolError } from '../../../../src/errors.js'
import { NodeLog } from '../../../../src/network/broker/node-log.js'
import { NotingLogger } from '../../../support/noting-logger.js'

describe('the log of a broker', () => {
  const broker = 'kafka:9092 (node 1)'
  let logger: NotingLogger
  let log: NodeLog

  beforeEach(() => {
    logger = new NotingLogger()
    log = new NodeLog(logger)
  })

  function fails(failures: number, error: KafkaError = new NetworkError('cannot connect to it')): void {
    log.changed({ broker, from: 'connecting', to: 'backing off', error, failures })
  }

  function isReady(): void {
    log.changed({ broker, from: 'connecting', to: 'ready', error: null, failures: 0 })
  }

  it('has one warning, at the first failure, for a broker that was never reached', () => {
    for (const failures of [1, 2, 3, 4, 5, 6]) fails(failures)
    expect(logger.lines).toEqual(['warn: cannot connect to it; trying again'])
    expect(logger.fields).toEqual([{ broker, code: 'NETWORK', failures: 1 }])
  })

  it('has a warning after five failures in a row for a broker that was reached before', () => {
    isReady()
    for (const failures of [1, 2, 3, 4]) fails(failures)
    expect(logger.lines).toEqual([])
    fails(5)
    fails(6)
    expect(logger.lines).toEqual(['warn: cannot connect to it; trying again'])
  })

  it('has a warning at once for a response that makes no sense', () => {
    isReady()
    fails(1, new ProtocolError('nonsense'))
    fails(2, new ProtocolError('nonsense'))
    expect(logger.lines).toEqual(['warn: nonsense; trying again'])
  })

  it('does not promise another attempt after a refusal that lasts', () => {
    isReady()
    fails(1, new AuthenticationError('the broker refused the login'))
    expect(logger.lines).toEqual(['warn: the broker refused the login'])
  })

  it('promises another attempt after a refusal that may pass', () => {
    fails(1, new AuthenticationError('the token endpoint does not answer', { retriable: true, fatal: false }))
    expect(logger.lines).toEqual(['warn: the token endpoint does not answer; trying again'])
  })

  it('reports that the broker can be reached again, but only after a warning', () => {
    isReady()
    fails(1)
    isReady()
    expect(logger.lines).toEqual([])
    for (const failures of [1, 2, 3, 4, 5]) fails(failures)
    isReady()
    isReady()
    expect(logger.lines.slice(1)).toEqual([`info: broker ${broker} can be reached again`])
    expect(logger.fields[1]).toEqual({ broker })
  })

  it('begins anew at the new address of a broker that moved', () => {
    isReady()
    log.moved()
    fails(1)
    log.moved()
    fails(1)
    expect(logger.lines).toHaveLength(2)
  })
})
