import { performance } from 'node:perf_hooks'
import { setImmediate as turn } from 'node:timers/promises'
import type { Outcome, Task, Workload } from './messages.js'
import { type Sender, senders } from './senders.js'

/** The process of one client and one workload. All its costs belong to that client. */

/** The records before the clock starts. They make connections and compile code. */
const WARM_UP = 300

class Run {
  readonly #sender: Sender
  readonly #value: Buffer
  readonly #latenciesMs: number[] = []
  readonly #failed: Record<string, number> = {}
  #acknowledged = 0

  constructor(sender: Sender, recordSize: number) {
    this.#sender = sender
    this.#value = Buffer.alloc(recordSize, 'x')
  }

  async measure(workload: Workload): Promise<Outcome> {
    for (let i = 0; i < WARM_UP; i++) await this.#sender.send(this.#value)
    const before = this.#sender.traffic?.()
    const from = { batches: before?.batches ?? 0, records: before?.records ?? 0 }
    const cpu = process.cpuUsage()
    const startMs = performance.now()
    await this.#perform(workload)
    const seconds = (performance.now() - startMs) / 1_000
    const { user, system } = process.cpuUsage(cpu)
    const traffic = this.#sender.traffic?.()
    const latencies = this.#latenciesMs.sort((a, b) => a - b)
    return {
      version: this.#sender.version,
      node: process.version,
      acknowledged: this.#acknowledged,
      failed: this.#failed,
      seconds,
      cpuUs: user + system,
      p50Ms: latencies[Math.floor(latencies.length * 0.5)] ?? null,
      p99Ms: latencies[Math.floor(latencies.length * 0.99)] ?? null,
      recordsPerBatch:
        traffic === undefined ? null : (traffic.records - from.records) / (traffic.batches - from.batches),
    }
  }

  #perform(workload: Workload): Promise<void> {
    switch (workload.kind) {
      case 'await':
        return this.#await(workload.seconds)
      case 'all at once':
        return this.#allAtOnce(workload.records)
      case 'open loop':
        return this.#openLoop(workload.perSecond, workload.seconds)
      case 'full speed':
        return this.#fullSpeed(workload.records, workload.outstanding)
      default:
        throw new TypeError(`no workload ${String(workload satisfies never)}`)
    }
  }

  async #await(seconds: number): Promise<void> {
    const endMs = performance.now() + seconds * 1_000
    for (let nowMs = performance.now(); nowMs < endMs; nowMs = performance.now()) {
      await this.#sender.send(this.#value)
      this.#settled(null, nowMs)
    }
  }

  async #allAtOnce(records: number): Promise<void> {
    const sends: Promise<void>[] = []
    for (let i = 0; i < records; i++)
      sends.push(this.#sender.send(this.#value).then(this.#succeeded, this.#refused))
    await Promise.all(sends)
  }

  async #openLoop(perSecond: number, seconds: number): Promise<void> {
    const startMs = performance.now()
    const total = perSecond * seconds
    const sends: Promise<void>[] = []
    for (let sent = 0; sent < total; ) {
      const dueNow = Math.min(total, Math.floor(((performance.now() - startMs) / 1_000) * perSecond))
      for (; sent < dueNow; sent++) {
        const dueMs = startMs + (sent / perSecond) * 1_000
        sends.push(this.#sender.send(this.#value).then(() => this.#settled(null, dueMs), this.#refused))
      }
      await turn()
    }
    await Promise.all(sends)
  }

  #fullSpeed(records: number, outstanding: number): Promise<void> {
    const send = this.#sender.sendWithCallback?.bind(this.#sender)
    if (send === undefined) throw new Error(`${this.#sender.version} has no callbacks`)
    return new Promise((resolve) => {
      let sent = 0
      let settled = 0
      const callback = (error: Error | null): void => {
        settled++
        if (error === null) this.#acknowledged++
        else this.#refused(error)
        if (settled === records) resolve()
        else if (sent < records) one()
      }
      const one = (): void => {
        sent++
        send(this.#value, callback)
      }
      for (let i = 0; i < outstanding; i++) one()
    })
  }

  readonly #succeeded = (): void => {
    this.#acknowledged++
  }

  readonly #refused = (error: Error & { readonly code?: string }): void => {
    const name = error.code ?? error.name
    this.#failed[name] = (this.#failed[name] ?? 0) + 1
  }

  #settled(_error: null, sinceMs: number): void {
    this.#acknowledged++
    this.#latenciesMs.push(performance.now() - sinceMs)
  }
}

process.once('message', async (message) => {
  const { sender: name, workload, bootstrapServers, topic, recordSize } = message as Task
  const open = senders[name]
  if (open === undefined) throw new Error(`there is no sender named ${name}`)
  const sender = await open(bootstrapServers, topic)
  const outcome = await new Run(sender, recordSize).measure(workload)
  await sender.close()
  process.send?.(outcome, () => process.disconnect())
})
