import { describe, expect, it } from 'vitest'
import { TopicOutcomes } from '../../../src/admin/topic-outcome.js'
import { NetworkError } from '../../../src/errors.js'

const attempt = { broker: 'localhost:9092 (node 1)', attempts: 1, mayBeDone: false }
const answers = (codes: Record<string, number>) => (topic: string) =>
  codes[topic] === undefined ? undefined : { errorCode: codes[topic], errorMessage: null }
const nothing = () => ({})

describe('outcomes of topics', () => {
  it('stand in the order of the names, one for each, also for a name that is there twice', () => {
    const outcomes = new TopicOutcomes<unknown>('DeleteTopics', ['b', 'a', 'b'])
    outcomes.take(attempt, answers({ a: 0, b: 3 }), nothing)
    expect(outcomes.all()).toMatchObject([
      { topic: 'b', status: 'rejected', error: { code: 'UNKNOWN_TOPIC_OR_PARTITION', topic: 'b' } },
      { topic: 'a', status: 'fulfilled' },
      { topic: 'b', status: 'rejected' },
    ])
  })

  it('are kept when another topic has to be asked for again', () => {
    const outcomes = new TopicOutcomes<unknown>('CreateTopics', ['a', 'b'])
    expect(() => outcomes.take(attempt, answers({ a: 0, b: 41 }), nothing)).toThrow('NOT_CONTROLLER')
    expect([...outcomes.pending]).toEqual(['b'])
    // An answer about what is settled changes nothing.
    outcomes.take({ ...attempt, attempts: 2 }, answers({ a: 36, b: 0 }), nothing)
    expect(outcomes.all()).toMatchObject([{ status: 'fulfilled' }, { status: 'fulfilled' }])
  })

  it('are asked for again where the broker says nothing', () => {
    const outcomes = new TopicOutcomes<unknown>('CreateTopics', ['a'])
    expect(() => outcomes.take(attempt, answers({}), nothing)).toThrow('nothing about this topic')
    expect([...outcomes.pending]).toEqual(['a'])
  })

  it.each([3, 7, 100])('are final with error %i, which is retriable elsewhere', (code) => {
    const outcomes = new TopicOutcomes<unknown>('DeleteTopics', ['a'])
    outcomes.take(attempt, answers({ a: code }), nothing)
    expect(outcomes.all()).toMatchObject([{ status: 'rejected' }])
  })

  it('say that the topic may have been made by the attempt that was cut off', () => {
    const outcomes = new TopicOutcomes<unknown>('CreateTopics', ['a'])
    outcomes.take({ ...attempt, attempts: 2, mayBeDone: true }, answers({ a: 36 }), nothing)
    expect(outcomes.all()).toMatchObject([
      { status: 'rejected', error: { code: 'TOPIC_ALREADY_EXISTS', attempts: 2, possiblyPersisted: true } },
    ])
  })

  it('all have the error of a call that failed as a whole', () => {
    const outcomes = new TopicOutcomes<unknown>('CreateTopics', ['a', 'b'])
    outcomes.reject('a', new NetworkError('first'))
    outcomes.rejectPending(new NetworkError('second'))
    expect(outcomes.all()).toMatchObject([{ error: { message: 'first' } }, { error: { message: 'second' } }])
  })
})
