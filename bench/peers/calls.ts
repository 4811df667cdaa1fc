import type { ChaosClient, ChaosRecord, Outcome } from '../../test/chaos/driver/chaos-client.js'

/** What a call says of one partition: its records stand from this offset on. */
export interface WrittenPartition {
  readonly partition: number
  readonly baseOffset: bigint
}

/** One call of a client with some records. Rejects if any of them failed: such clients do not say which. */
export type Call = (records: readonly ChaosRecord[]) => Promise<readonly WrittenPartition[]>

type Settled = (outcome: Outcome) => void

/** A long outage leaves thousands of records behind; a call with all of them would be an outage of its own. */
const recordsPerCall = 500

/**
 * A client whose calls are awaited one by one, as its documentation shows it, with all the records of a call that came up meanwhile: the way
 * to use it if the order counts. Where more than one record is in a call the client does not say which of them went where.
 */
export function oneCallAtATime(call: Call, disconnect: () => Promise<void>): ChaosClient {
  let waiting: { readonly record: ChaosRecord; readonly settled: Settled }[] = []
  let idle: Promise<void> = Promise.resolve()
  let isCalling = false

  async function callUntilEmpty(): Promise<void> {
    isCalling = true
    // Records handed over in one turn of the event loop go together.
    await Promise.resolve()
    while (waiting.length > 0) {
      const now = waiting.slice(0, recordsPerCall)
      waiting = waiting.slice(recordsPerCall)
      const outcomes = await outcomesOf(
        call,
        now.map(({ record }) => record),
      )
      for (const [i, { settled }] of now.entries()) settled(outcomes[i] ?? untold)
    }
    isCalling = false
  }

  return {
    send: (record, settled) => {
      waiting.push({ record, settled })
      if (!isCalling) idle = callUntilEmpty()
    },
    close: async () => {
      await idle
      await disconnect()
    },
  }
}

/** A client that gets a call for each record, and none is awaited before the next: as in a server with many requests at a time. */
export function callPerRecord(call: Call, disconnect: () => Promise<void>): ChaosClient {
  const unsettled = new Set<Promise<void>>()

  async function callWith(record: ChaosRecord, settled: Settled): Promise<void> {
    const [outcome] = await outcomesOf(call, [record])
    settled(outcome ?? untold)
  }

  return {
    send: (record, settled) => {
      const sending = callWith(record, settled)
      unsettled.add(sending)
      void sending.then(() => unsettled.delete(sending))
    },
    close: async () => {
      await Promise.all(unsettled)
      await disconnect()
    },
  }
}

/** Aligned with the records; never rejects. */
async function outcomesOf(call: Call, records: readonly ChaosRecord[]): Promise<Outcome[]> {
  try {
    const written = await call(records)
    const [only, ...others] = written
    if (records.length === 1 && only !== undefined && others.length === 0)
      return [{ kind: 'acknowledged', partition: only.partition, offset: only.baseOffset }]
    return records.map(({ partition = -1 }) => ({ kind: 'acknowledged', partition, offset: -1n }))
  } catch (error) {
    const failed: Outcome = { kind: 'failed', possiblyPersisted: true, ...codeAndMessage(error) }
    return records.map(() => failed)
  }
}

const untold: Outcome = { kind: 'failed', possiblyPersisted: true, code: 'NOTHING_SAID', message: '' }

/** For the report: an error of any client in two strings. */
export function codeAndMessage(error: unknown): { readonly code: string; readonly message: string } {
  if (!(error instanceof Error)) return { code: 'NO_ERROR_OBJECT', message: String(error) }
  const { code, type } = error as { readonly code?: unknown; readonly type?: unknown }
  const told = [type, code, error.name].find((name) => name !== undefined)
  return { code: String(told), message: error.message }
}
