import { formatAddress } from './address.js'
import type { Broker } from './broker/broker.js'
import type { NetworkOptions } from './network-options.js'

/** What a client shows of itself to who prints it. */
export interface ClientView<State extends string> {
  readonly clientId: string
  readonly state: State
  /** `host:port` of each. */
  readonly bootstrapServers: readonly string[]
  /**
   * Each with its address, its node id, and whether it is connected. Bootstrap servers until metadata has
   * named others.
   */
  readonly brokers: readonly string[]
}

export function clientView<State extends string>(
  { clientId, bootstrapServers }: Pick<NetworkOptions, 'clientId' | 'bootstrapServers'>,
  state: State,
  brokers: readonly Broker[],
): ClientView<State> {
  return {
    clientId,
    state,
    bootstrapServers: bootstrapServers.map(({ host, port }) => formatAddress(host, port)),
    brokers: brokers.map(({ description, isReady }) => `${description}, ${isReady ? '' : 'not '}connected`),
  }
}
