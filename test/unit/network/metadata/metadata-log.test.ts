import { beforeEach, describe, expect, it } from 'vitest'
import { AuthenticationError, NetworkError, ProtocolError } from '../../../../src/errors.js'
import { MetadataLog } from '../../../../src/network/metadata/metadata-log.js'
import { NotingLogger } from '../../../support/noting-logger.js'

describe('the log of metadata', () => {
  let logger: NotingLogger
  let log: MetadataLog

  beforeEach(() => {
    logger = new NotingLogger()
    log = new MetadataLog(logger)
  })

  it('has a warning after five failures in a row, and reports their end', () => {
    const error = new NetworkError('no answer', { retriable: true })
    for (let failures = 1; failures < 5; failures++) log.failed(error)
    expect(logger.lines).toEqual([])
    log.failed(error)
    log.failed(error)
    log.updated()
    log.updated()
    expect(logger.lines).toEqual([
      'warn: no metadata: no answer; trying again',
      'info: metadata: brokers answer again',
    ])
    expect(logger.fields[0]).toEqual({ code: 'NETWORK', failures: 5 })
  })

  it('has a warning at once for a response that makes no sense', () => {
    log.failed(new ProtocolError('nonsense'))
    log.failed(new ProtocolError('nonsense'))
    expect(logger.lines).toEqual(['warn: no metadata: nonsense; trying again'])
  })

  it('does not promise another attempt after a refusal that lasts', () => {
    log.failed(new AuthenticationError('the broker refused the login'))
    expect(logger.lines).toEqual(['warn: no metadata: the broker refused the login'])
  })

  it('has a warning for a topic that is unusable in five responses in a row', () => {
    for (let answers = 1; answers < 5; answers++) log.topicAnswered('t', 'no leader')
    log.topicAnswered('t', undefined)
    for (let answers = 1; answers < 5; answers++) log.topicAnswered('t', 'no leader')
    expect(logger.lines).toEqual([])
    log.topicAnswered('t', 'no leader')
    log.topicAnswered('t', 'no leader')
    log.topicAnswered('t', undefined)
    expect(logger.lines).toEqual([
      'warn: topic t cannot be used, or only in part: no leader; asking again',
      'info: metadata: topic t is in order again',
    ])
    expect(logger.fields).toEqual([{ topic: 't' }, { topic: 't' }])
  })

  it('forgets topics that are not asked for any more', () => {
    for (let answers = 1; answers < 5; answers++) log.topicAnswered('t', 'no leader')
    log.keepTopics((topic) => topic !== 't')
    log.topicAnswered('t', 'no leader')
    expect(logger.lines).toEqual([])
  })
})
