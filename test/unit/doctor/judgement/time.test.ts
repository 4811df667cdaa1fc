import { expect, it } from 'vitest'
import { SeenSettings } from '../../../../src/doctor/judgement/seen-settings.js'
import { clockFinding, timestampsFinding } from '../../../../src/doctor/judgement/time.js'

const judged = (type: string, beforeMs: string, afterMs: string) =>
  timestampsFinding(
    't',
    SeenSettings.shown([
      { name: 'message.timestamp.type', value: type },
      { name: 'message.timestamp.before.max.ms', value: beforeMs },
      { name: 'message.timestamp.after.max.ms', value: afterMs },
    ]),
  )
const NO_LIMIT = '9223372036854775807'

it.each([
  ['CreateTime', NO_LIMIT, '3600000', 'ok', 'up to 1 h ahead of its clock and any time behind'],
  ['CreateTime', '604800000', NO_LIMIT, 'ok', 'up to any time ahead of its clock and 7 days behind'],
  ['CreateTime', NO_LIMIT, '1000', 'warning', 'message.timestamp.after.max.ms is 1000: a record is refused'],
  [
    'CreateTime',
    '59999',
    '3600000',
    'warning',
    'message.timestamp.before.max.ms is 59999: a record is refused',
  ],
  ['LogAppendTime', '1', '1', 'ok', 'LogAppendTime: the broker stamps records with its own clock'],
])('%s with limits %s and %s', (type, beforeMs, afterMs, verdict, message) => {
  const found = judged(type, beforeMs, afterMs)
  expect(found.verdict).toBe(verdict)
  expect(found.message).toContain(message)
})

it('the clock of the brokers is never claimed to be known', () => {
  expect(clockFinding(0)).toMatchObject({
    verdict: 'unknown',
    facts: { localTime: '1970-01-01T00:00:00.000Z' },
  })
})
