import type { ResolvedProducerConfig } from '../config/config.js'
import { type ClientView, clientView } from '../network/client-view.js'
import type { ProducerCore } from './producer-core.js'

/** Whether the producer takes records, and whether it may still hold some. */
export type ProducerState = 'open' | 'closing' | 'closed'

/** The text of a printed producer. */
export interface ProducerView extends ClientView<ProducerState> {
  /** The number of topics with state. */
  readonly topics: number
  readonly heldBytes: number
  readonly requestsInFlight: number
}

export function producerView(
  config: ResolvedProducerConfig,
  { cluster, traffic }: ProducerCore,
  state: ProducerState,
): ProducerView {
  const { topics, heldBytes, requestsInFlight } = traffic
  return { ...clientView(config, state, cluster.nodes()), topics, heldBytes, requestsInFlight }
}
