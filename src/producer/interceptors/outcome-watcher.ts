import type { InterceptedHeaders } from '../../config/interceptor.js'
import type { ProducerRecord, RecordMetadata } from '../../config/record.js'
import type { AsyncContext } from '../../environment/async-context.js'
import type { Environment } from '../../environment/environment.js'
import type { KafkaError } from '../../errors.js'
import type { Watcher } from '../accumulator/completion.js'
import { copied } from '../intake/serialization.js'
import { AcknowledgedRecord } from '../settlement/acknowledged-record.js'

const NO_HEADERS: InterceptedHeaders = Object.freeze([])

/** What the watchers of all records share. */
export interface OutcomeListener extends Pick<Environment, 'outsideContexts'> {
  tell(metadata: RecordMetadata, error: KafkaError | null, headers: InterceptedHeaders): void
}

/** Tells the interceptors the outcome of one record, in the async context of its caller. */
export class OutcomeWatcher implements Watcher {
  readonly #topic: string
  readonly #partition: number
  readonly #headers: InterceptedHeaders
  readonly #context: AsyncContext | null
  readonly #listener: OutcomeListener

  /** @param record its headers, if it has any, are pairs */
  constructor(record: ProducerRecord, context: AsyncContext | null, listener: OutcomeListener) {
    this.#topic = record.topic
    this.#partition = record.partition ?? -1
    this.#headers = headersOf(record)
    this.#context = context
    this.#listener = listener
  }

  told(error: KafkaError | null, metadata: RecordMetadata | null): void {
    const tell = (): void => this.#listener.tell(metadata ?? this.#nowhere(error), error, this.#headers)
    if (this.#context === null) this.#listener.outsideContexts(tell)
    else this.#context.runInAsyncScope(tell, undefined)
  }

  /** The metadata of a record that is not in the log, as in Java. */
  #nowhere(error: KafkaError | null): RecordMetadata {
    return new AcknowledgedRecord(this.#topic, error?.partition ?? this.#partition, -1n, -1, -1, -1)
  }
}

/** Copies, because the caller may reuse its bytes once `send` has returned. */
function headersOf({ headers }: ProducerRecord): InterceptedHeaders {
  if (!Array.isArray(headers) || headers.length === 0) return NO_HEADERS
  const pairs: InterceptedHeaders = headers
  return Object.freeze(pairs.map(([name, value]) => [name, copied(value)] as const))
}
