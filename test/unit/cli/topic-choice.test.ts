import { describe, expect, it } from 'vitest'
import { chosenNames, topicChoice } from '../../../src/cli/topics/topic-choice.js'

const listed = ['a-b', 'a.b', 'a.bc', 'orders', '__consumer_offsets'].map((topic) => ({
  topic,
  topicId: `id of ${topic}`,
  isInternal: topic.startsWith('__'),
}))

const matches = (options: Parameters<typeof topicChoice>[0]) => {
  const choice = topicChoice(options, 'describe')
  if (choice.kind === 'names') throw new Error('names are not looked up')
  return chosenNames(listed, choice, options)
}

describe('--topic', () => {
  it.each(['describe', 'list', 'delete', 'alter'] as const)('is one or several names for --%s', (action) => {
    expect(topicChoice({ topic: 'a.b' }, action)).toEqual({ kind: 'names', names: ['a.b'] })
    expect(topicChoice({ topic: 'orders, a.b,orders' }, action)).toEqual({
      kind: 'names',
      names: ['orders', 'a.b'],
    })
  })

  it.each(['describe', 'list'] as const)(
    'with characters that no name can have is a pattern for --%s',
    (action) => {
      expect(topicChoice({ topic: 'a.*' }, action)).toMatchObject({ kind: 'pattern', text: 'a.*' })
      expect(topicChoice({ topic: 'orders|a.b' }, action)).toMatchObject({ kind: 'pattern' })
    },
  )

  it.each(['delete', 'alter'] as const)('is never a pattern for --%s', (action) => {
    expect(() => topicChoice({ topic: 'a.*' }, action)).toThrow(
      `--${action} takes names, and 'a.*' is not a name: use --topic-pattern for a regular expression`,
    )
  })

  it('must not be empty, and excludes a pattern and an id', () => {
    expect(() => topicChoice({ topic: '' }, 'describe')).toThrow('--topic is empty')
    expect(() => topicChoice({ topic: 'a,,b' }, 'delete')).toThrow('--topic is empty')
    expect(() => topicChoice({ topic: 'a', topicPattern: 'b' }, 'list')).toThrow(
      'use only one of --topic, --topic-pattern and --topic-id',
    )
  })
})

describe('--topic-pattern', () => {
  it('is a regular expression for whole names, with commas for alternatives', () => {
    expect(matches({ topicPattern: 'a.b' })).toEqual(['a-b', 'a.b'])
    expect(matches({ topicPattern: 'a.b.?' })).toEqual(['a-b', 'a.b', 'a.bc'])
    expect(matches({ topicPattern: 'a-b,orders' })).toEqual(['a-b', 'orders'])
    expect(matches({ topicPattern: '.*', excludeInternal: true })).not.toContain('__consumer_offsets')
    expect(() => topicChoice({ topicPattern: 'a(' }, 'delete')).toThrow(
      "'a(' is not a valid regular expression",
    )
  })

  it('must match a topic unless --if-exists is given', () => {
    expect(() => matches({ topicPattern: 'order' })).toThrow("no topic matches 'order'")
    expect(matches({ topicPattern: 'order', ifExists: true })).toEqual([])
  })
})

describe('--topic-id', () => {
  it('chooses the topic with that id', () => {
    expect(matches({ topicId: 'id of orders' })).toEqual(['orders'])
    expect(() => matches({ topicId: 'id' })).toThrow("TopicId 'id' does not exist as expected")
  })
})

describe('without --topic, --topic-pattern and --topic-id', () => {
  it("all topics are chosen, without Kafka's own if the options say so", () => {
    expect(matches({})).toEqual(['a-b', 'a.b', 'a.bc', 'orders', '__consumer_offsets'])
    expect(matches({ excludeInternal: true })).toEqual(['a-b', 'a.b', 'a.bc', 'orders'])
  })
})
