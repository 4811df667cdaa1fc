import { expect, it } from 'vitest'
import { InterceptorFailures } from '../../../../src/producer/interceptors/interceptor-failures.js'
import { ManualClock } from '../../../support/manual-clock.js'

class Tracing {
  close(): void {}
}

function failures() {
  const clock = new ManualClock()
  const lines: string[] = []
  const warn = (line: string): void => void lines.push(line)
  const ignore = (): void => {}
  const logger = { debug: ignore, info: ignore, warn, error: ignore }
  return { clock, lines, failures: new InterceptorFailures(logger, clock) }
}

it('the first failure is told at once, and those of a minute with the next line', () => {
  const { clock, lines, failures: all } = failures()
  const note = (): void => all.note(new Tracing(), 1, 'onSend', 'orders', new Error('no span'))
  for (let i = 0; i < 5; i++) note()
  clock.advance(59_999)
  note()
  expect(lines).toEqual([
    'onSend of interceptors[1] (Tracing) failed for a record for topic orders: Error: no span',
  ])
  clock.advance(1)
  note()
  note()
  clock.advance(600_000)
  note()
  expect(lines.slice(1)).toEqual([
    'onSend of interceptors[1] (Tracing) failed for a record for topic orders: Error: no span, and 5 more since the last warning',
    'onSend of interceptors[1] (Tracing) failed for a record for topic orders: Error: no span, and 1 more since the last warning',
  ])
})

it('each call of each interceptor has its own minute', () => {
  const { lines, failures: all } = failures()
  all.note({}, 0, 'onSend', 't', 'one')
  all.note({}, 1, 'onSend', 't', 'two')
  all.note({}, 0, 'onAcknowledgement', 't', 'three')
  all.note({}, 0, 'close', '', 'four')
  expect(lines).toEqual([
    'onSend of interceptors[0] failed for a record for topic t: one',
    'onSend of interceptors[1] failed for a record for topic t: two',
    'onAcknowledgement of interceptors[0] failed for a record for topic t: three',
    'close of interceptors[0] failed: four',
  ])
})
