import type { Clock } from '../environment/clock.js'
import { errorCode } from '../protocol/error-codes.js'
import { BoundedLog } from './bounded-log.js'
import type { Exchange, Part } from './interceptor.js'
import type { AppendResult } from './partition-log.js'
import type { BrokerEvent, LoggedRequest, ProducedPartition } from './request-log.js'

/** The number of requests and the number of events that are kept. */
const LIMIT = 20_000

/** The requests and events of a cluster, for tests. */
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

  /** Logs why a batch was not appended. Kafka's response has only the error code. */
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
