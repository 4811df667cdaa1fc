import type { Producer } from '../../producer/producer.js'
import type { SendCallback } from '../../producer/record.js'
import { unlessAborted } from '../until-aborted.js'
import { untilDrained } from '../until-drained.js'
import type { Ledger } from './ledger.js'
import { type LiveFigures, SAMPLED_EVERY } from './live-figures.js'
import type { Workload } from './workload.js'

/** After so many records the network, and with it the demo's own brokers, gets its turn. */
const RECORDS_PER_TURN = 256

/** Sends a whole workload as fast as the producer takes it; resolves when all has been handed over, or `signal` is aborted. */
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
    const record = given instanceof Promise ? await unlessAborted(given, signal) : given
    if (record === null) return
    const number = ledger.next()
    const mayGoOn = producer.send(record, outcome(number, ledger, figures))
    if (!mayGoOn) await untilDrained(producer, signal)
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
