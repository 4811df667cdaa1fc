import { expect, it } from 'vitest'
import { recordSizeFinding } from '../../../../src/doctor/judgement/record-size.js'
import { SeenSettings } from '../../../../src/doctor/judgement/seen-settings.js'

const shown = (settings: Readonly<Record<string, number>>) =>
  SeenSettings.shown(Object.entries(settings).map(([name, value]) => ({ name, value: String(value) })))

const judged = (
  topicLimit: number | null,
  client: { maxRequestSize?: number; batchSize?: number } = {},
  broker = {},
) =>
  recordSizeFinding({
    topic: topicLimit === null ? null : { name: 't', settings: shown({ 'max.message.bytes': topicLimit }) },
    broker: shown(broker),
    maxRequestSize: 1_048_576,
    batchSize: 16_384,
    ...client,
  })

it.each([
  ['the defaults', judged(1_048_588), 'ok', []],
  ['a limit below a batch', judged(16_383), 'wrong', ['max.message.bytes', 'batch.size']],
  [
    'a limit below the default of requests',
    judged(16_384),
    'warning',
    ['max.message.bytes', 'max.request.size'],
  ],
  [
    'requests that were made larger',
    judged(1_048_588, { maxRequestSize: 2_000_000 }),
    'wrong',
    ['max.message.bytes', 'max.request.size'],
  ],
  [
    'a broker that takes no such request',
    judged(1_048_588, {}, { 'socket.request.max.bytes': 1_000 }),
    'wrong',
    ['max.request.size', 'socket.request.max.bytes'],
  ],
  ['no topic', judged(null, {}, { 'message.max.bytes': 10 }), 'wrong', ['message.max.bytes', 'batch.size']],
  ['nothing known', judged(null), 'unknown', []],
] as const)('%s', (_, found, verdict, settings) => {
  expect(found.verdict).toBe(verdict)
  expect(found.fixes.map(({ setting }) => setting)).toEqual(settings)
})

it('is about the topic if there is one, and about the cluster if not', () => {
  expect(judged(1_048_588).subject).toBe('topic t')
  expect(judged(null).subject).toBe('cluster')
})
