import { createInterface } from 'node:readline'
import type { ChaosClient, CreateClient, Outcome } from './chaos-client.js'
import type { DriverSettings } from './driver-settings.js'
import { JournalWriter } from './journal-writer.js'
import { recordOf } from './workload.js'

/** Sends records to a client and journals their outcomes until it is told to stop. See ../README.md. */

const tickMs = 5
/** The most records in one turn of the event loop, so that sockets get their turn. */
const atOnce = 500

const settings: DriverSettings = JSON.parse(process.argv.at(-1) ?? '')
const { incarnation, topics, outstanding: limit } = settings
const journal = new JournalWriter(settings.journal)
console.log(`incarnation ${incarnation}: ${JSON.stringify(settings.producer)}`)
const failureCodes = new Map<string, number>()
let rate = settings.rate
let credit = 0
let lastTick = performance.now()
let sent = 0
let settled = 0
let isStopped = false

const { createClient }: { readonly createClient: CreateClient } = await import(
  `../clients/${settings.client}.js`
)
const client = await createClient(settings, { throttled: (milliseconds) => journal.throttled(milliseconds) })

const lines = createInterface({ input: process.stdin })
lines.on('line', (line) => {
  const [command, argument] = line.split(' ')
  if (command === 'rate') rate = Number(argument)
  else if (command === 'stop') isStopped = true
})
// The process that started this one is gone.
lines.on('close', () => process.exit(3))

tick(client)

function tick(client: ChaosClient): void {
  if (isStopped) {
    void end(client)
    return
  }
  const now = performance.now()
  // After a pause of the process, its credit is that of one second, so that it sends no larger burst.
  if (rate > 0) credit = Math.min(credit + (rate * (now - lastTick)) / 1_000, rate)
  lastTick = now
  const count = Math.min(rate > 0 ? Math.floor(credit) : atOnce, limit - (sent - settled), atOnce)
  if (count > 0) send(client, count)
  if (rate > 0) credit -= Math.max(0, count)
  if (count === atOnce) setImmediate(tick, client)
  else setTimeout(tick, tickMs, client)
}

function send(client: ChaosClient, count: number): void {
  journal.sending(sent)
  for (let i = 0; i < count; i++) {
    const number = sent++
    client.send(recordOf(topics, incarnation, number), (outcome) => settle(number, outcome))
  }
}

function settle(number: number, outcome: Outcome): void {
  settled++
  journal.settled(number, outcome)
  if (outcome.kind === 'acknowledged') return
  const count = failureCodes.get(outcome.code) ?? 0
  failureCodes.set(outcome.code, count + 1)
  if (count < 3) console.error(`record ${number} failed (${outcome.code}): ${outcome.message}`)
}

async function end(client: ChaosClient): Promise<void> {
  await client.close()
  journal.end(sent)
  console.log(
    `sent ${sent}, settled ${settled}, failures ${JSON.stringify(Object.fromEntries(failureCodes))}`,
  )
  process.exit(0)
}
