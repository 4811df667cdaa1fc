import type { Clock } from '../environment/clock.js'
import { errorCode } from '../protocol/error-codes.js'
import { BoundedLog } from './bounded-log.js'
import type { Exchange, Part } from './interceptor.js'
import type { AppendResult } from './partition-log.js'
import type { BrokerEvent, LoggedRequest, ProducedPartition } from './request-log.js'

/** How many requests, and how many events, are remembered. */
const LIMIT = 20_000

/** What has happened in a cluster, for tests to look at. */
export class ClusterActivity {
  readonly #clock: Clock
  readonly #requests = new BoundedLog<LoggedRequest>(LIMIT)
  readonly #events = new BoundedLog<BrokerEvent>(LIMIT)

  constructor(clock: Clock) {
    this.#clock = clock
  }

  logRequest(exchange: Exchange, produced: readonly ProducedPartition[] | null): void {
    const { nodeId, connectionId, api, apiKey, apiVersion, correlationId, clientId, size } = exchange
    const time = this.#clock.now()
    this.#requests.push({
      time,
      nodeId,
      connectionId,
      api,
      apiKey,
      apiVersion,
      correlationId,
      clientId,
      size,
      produced,
    })
  }

  logEvent(nodeId: number, message: string): void {
    this.#events.push({ time: this.#clock.now(), nodeId, message })
  }

  /** Why a batch was not appended, where Kafka's answer has the error code only. */
  logRefusal(exchange: Exchange, { topic, partition }: Part, result: AppendResult): void {
    const { nodeId, api, apiVersion, clientId } = exchange
    const { name } = errorCode(result.errorCode)
    const who = clientId === null ? '' : ` of ${clientId}`
    const what = `${api} v${apiVersion}${who} for ${topic}-${partition} is refused`
    this.logEvent(nodeId, `${what} (${name}): ${result.reason}`)
  }

  requests(): LoggedRequest[] {
    return this.#requests.entries()
  }

  events(): BrokerEvent[] {
    return this.#events.entries()
  }

  clear(): void {
    this.#requests.clear()
    this.#events.clear()
  }
}
