import { describe, expect, it } from 'vitest'
import { TopicOutcomes } from '../../../src/admin/topic-outcome.js'
import { NetworkError } from '../../../src/errors.js'
import { ErrorCode } from '../../../src/protocol/error-codes.js'

const attempt = { broker: 'localhost:9092 (node 1)', attempts: 1, mayBeDone: false }
const answers = (codes: Record<string, number>) => (topic: string) =>
  codes[topic] === undefined ? undefined : { errorCode: codes[topic], errorMessage: null }
const nothing = () => ({})

describe('outcomes of topics', () => {
  it('are in the order of the names, one for each, even for a name that occurs twice', () => {
    const outcomes = new TopicOutcomes<unknown>('DeleteTopics', ['b', 'a', 'b'])
    outcomes.take(attempt, answers({ a: ErrorCode.NONE, b: ErrorCode.UNKNOWN_TOPIC_OR_PARTITION }), nothing)
    expect(outcomes.all()).toMatchObject([
      { topic: 'b', status: 'rejected', error: { code: 'UNKNOWN_TOPIC_OR_PARTITION', topic: 'b' } },
      { topic: 'a', status: 'fulfilled' },
      { topic: 'b', status: 'rejected' },
    ])
  })

  it('are kept when another topic is asked about again', () => {
    const outcomes = new TopicOutcomes<unknown>('CreateTopics', ['a', 'b'])
    expect(() =>
      outcomes.take(attempt, answers({ a: ErrorCode.NONE, b: ErrorCode.NOT_CONTROLLER }), nothing),
    ).toThrow('NOT_CONTROLLER')
    expect([...outcomes.pending]).toEqual(['b'])
    // An answer about a topic that has an outcome changes nothing.
    outcomes.take(
      { ...attempt, attempts: 2 },
      answers({ a: ErrorCode.TOPIC_ALREADY_EXISTS, b: ErrorCode.NONE }),
      nothing,
    )
    expect(outcomes.all()).toMatchObject([{ status: 'fulfilled' }, { status: 'fulfilled' }])
  })

  it('are asked for again if the broker leaves the topic out', () => {
    const outcomes = new TopicOutcomes<unknown>('CreateTopics', ['a'])
    expect(() => outcomes.take(attempt, answers({}), nothing)).toThrow('nothing about this topic')
    expect([...outcomes.pending]).toEqual(['a'])
  })

  it.each([ErrorCode.UNKNOWN_TOPIC_OR_PARTITION, ErrorCode.REQUEST_TIMED_OUT, ErrorCode.UNKNOWN_TOPIC_ID])(
    'are final with error %i, which is retriable elsewhere',
    (code) => {
      const outcomes = new TopicOutcomes<unknown>('DeleteTopics', ['a'])
      outcomes.take(attempt, answers({ a: code }), nothing)
      expect(outcomes.all()).toMatchObject([{ status: 'rejected' }])
    },
  )

  it('say that an earlier attempt may have created the topic', () => {
    const outcomes = new TopicOutcomes<unknown>('CreateTopics', ['a'])
    outcomes.take(
      { ...attempt, attempts: 2, mayBeDone: true },
      answers({ a: ErrorCode.TOPIC_ALREADY_EXISTS }),
      nothing,
    )
    expect(outcomes.all()).toMatchObject([
      { status: 'rejected', error: { code: 'TOPIC_ALREADY_EXISTS', attempts: 2, possiblyPersisted: true } },
    ])
  })

  it('that are pending get the error of a call that failed as a whole', () => {
    const outcomes = new TopicOutcomes<unknown>('CreateTopics', ['a', 'b'])
    outcomes.reject('a', new NetworkError('first'))
    outcomes.rejectPending(new NetworkError('second'))
    expect(outcomes.all()).toMatchObject([{ error: { message: 'first' } }, { error: { message: 'second' } }])
  })
})
