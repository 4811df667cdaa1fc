import { RecordTooLargeError } from '../../errors.js'
import type { Producer } from '../../producer/producer.js'
import type { SendCallback } from '../../producer/record.js'
import { unlessAborted } from '../until-aborted.js'
import { untilDrained } from '../until-drained.js'
import type { Ledger } from './ledger.js'
import { type LiveFigures, SAMPLED_EVERY } from './live-figures.js'
import type { Workload } from './workload.js'

/** After this many records the event loop turns, so that sockets and the demo's own brokers can work. */
const RECORDS_PER_TURN = 256

/**
 * Sends a whole workload as fast as the producer accepts it. Resolves when every record has been handed over,
 * or when `signal` is aborted.
 */
export async function sendAll(
  workload: Workload,
  producer: Producer,
  ledger: Ledger,
  figures: LiveFigures,
  signal: AbortSignal,
  afterTurn: () => void,
): Promise<void> {
  while (!signal.aborted) {
    const given = workload.next(ledger.sent)
    const item = given instanceof Promise ? await unlessAborted(given, signal) : given
    if (item === null) return
    const number = ledger.next()
    if (item instanceof RecordTooLargeError) ledger.fail(number, item)
    else if (!producer.send(item, outcome(number, ledger, figures))) await untilDrained(producer, signal)
    if (ledger.sent % RECORDS_PER_TURN !== 0) continue
    afterTurn()
    await new Promise<void>((resolve) => setImmediate(resolve))
  }
}

function outcome(number: number, ledger: Ledger, figures: LiveFigures): SendCallback {
  const sentAtMs = number % SAMPLED_EVERY === 0 ? performance.now() : null
  return (error) => {
    if (sentAtMs !== null) figures.sample(performance.now() - sentAtMs)
    if (error === null) ledger.acknowledge(number)
    else ledger.fail(number, error)
  }
}
