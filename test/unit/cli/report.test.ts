import { PassThrough } from 'node:stream'
import { expect, it } from 'vitest'
import { Deliveries } from '../../../src/cli/produce/deliveries.js'
import { summary } from '../../../src/cli/produce/report.js'
import { Terminal } from '../../../src/cli/terminal.js'
import { NetworkError, ProducerClosedError } from '../../../src/errors.js'

const deliveries = () => new Deliveries(new Terminal(new PassThrough(), new PassThrough(), new PassThrough()))

const metadata = {
  topic: 'lines',
  partition: 0,
  offset: 0n,
  timestamp: 0,
  serializedKeySize: -1,
  serializedValueSize: 7,
}

it('the summary has the sent records and a rate, and no rate without records', () => {
  const counts = deliveries()
  expect(summary(counts, 'lines', 9034)).toEqual(['0 records sent to lines in 9.03 s'])
  for (let line = 1; line <= 2000; line++) counts.expect(line)(null, metadata)
  expect(summary(counts, 'lines', 500)).toEqual([
    '2,000 records sent to lines, 14,000 bytes in 0.50 s, 4,000 records/s',
  ])
})

it('the summary distinguishes failed records from lines that were given up', () => {
  const counts = deliveries()
  const outcomes = [1, 2, 3, 4, 5, 6].map((line) => counts.expect(line))
  outcomes[0]?.(new NetworkError('cut off', { possiblyPersisted: true }), null)
  outcomes[1]?.(new NetworkError('refused'), null)
  counts.giveUp()
  outcomes[2]?.(new ProducerClosedError('closed'), null)
  outcomes[3]?.(new ProducerClosedError('closed', { possiblyPersisted: true }), null)
  outcomes[4]?.(new ProducerClosedError('closed', { possiblyPersisted: true }), null)
  expect(counts).toMatchObject({ failed: 2, notSent: 1, notAcknowledged: 2, unsettled: 1 })
  expect(summary(counts, 'lines', 1000)).toEqual([
    '2 records failed; 1 of them may be in the log nevertheless',
    '1 accepted line not sent',
    '2 accepted lines sent and not acknowledged; they may be in the log',
    '1 record without an outcome',
    '0 records sent to lines in 1.00 s',
  ])
})
