import type { EmbeddedCluster, Fault } from '../../src/testing/index.js'
import type { AnswerRewrites } from './answer-rewrites.js'
import type { Chance } from './chance.js'
import type { LogHistory } from './log-history.js'
import type { MemoryNetwork } from './memory-network.js'
import { FIRST_PORT, newTopic, type Scenario } from './scenario.js'
import type { WorldSecurity } from './security/world-security.js'
import type { Trace } from './trace.js'
import type { VirtualCompression } from './virtual-compression.js'
import type { VirtualTime } from './virtual-time.js'

export interface WorldParts {
  readonly scenario: Scenario
  readonly time: VirtualTime
  readonly network: MemoryNetwork
  readonly cluster: EmbeddedCluster
  readonly answers: AnswerRewrites
  readonly compression: VirtualCompression
  readonly history: LogHistory
  /** Null if nothing is encrypted and nobody logs in. */
  readonly security: WorldSecurity | null
  readonly chance: Chance
  readonly trace: Trace
}

/** The world around the client, which faults change, and which can be healed. */
export class World implements WorldParts {
  readonly scenario: Scenario
  readonly time: VirtualTime
  readonly network: MemoryNetwork
  readonly cluster: EmbeddedCluster
  readonly answers: AnswerRewrites
  readonly compression: VirtualCompression
  readonly history: LogHistory
  readonly security: WorldSecurity | null
  readonly chance: Chance
  readonly trace: Trace
  /** Whether a broker had no topic ids. Records for a topic may then go to a later one with the same name. */
  namesTopics = false
  readonly #requestFaults: { readonly name: string; readonly fault: Fault }[] = []
  readonly #strikes = new Map<string, number>()
  readonly #down = new Set<number>()
  readonly #missing = new Map<string, number>()
  /** Topics that are not created again. */
  readonly #gone = new Set<string>()
  #isHealed = false

  constructor(parts: WorldParts) {
    this.scenario = parts.scenario
    this.time = parts.time
    this.network = parts.network
    this.cluster = parts.cluster
    this.answers = parts.answers
    this.compression = parts.compression
    this.history = parts.history
    this.security = parts.security
    this.chance = parts.chance
    this.trace = parts.trace
    const struck = (fault: string): void => this.struck(fault)
    this.network.struck = struck
    this.compression.struck = struck
    if (this.security !== null) this.security.struck = struck
  }

  get nodeIds(): number[] {
    return Array.from({ length: this.scenario.brokers }, (_, i) => i + 1)
  }

  get topicNames(): string[] {
    return this.scenario.topics.map(({ name }) => name)
  }

  portOf(nodeId: number): number {
    return FIRST_PORT + nodeId - 1
  }

  /** Partitions of a topic at present; 0 while it is deleted. */
  partitionsOf(topic: string): number {
    if (this.#missing.has(topic)) return 0
    let count = 0
    try {
      for (; ; count++) this.cluster.leaderOf(topic, count)
    } catch {
      return count
    }
  }

  /** How often faults of each kind have struck. */
  strikes(): Map<string, number> {
    const all = new Map(this.#strikes)
    for (const { name, fault } of this.#requestFaults) {
      if (fault.hits > 0) all.set(name, (all.get(name) ?? 0) + fault.hits)
    }
    return all
  }

  struck(name: string): void {
    this.#strikes.set(name, (this.#strikes.get(name) ?? 0) + 1)
  }

  /** A fault that waits for requests, until the world is healed. */
  keep(name: string, fault: Fault): void {
    this.#requestFaults.push({ name, fault })
  }

  /** Undoes a fault later; not if the world was healed meanwhile. */
  later(afterMs: number, undo: () => void): void {
    this.time.after(afterMs, 'world', () => {
      if (!this.#isHealed) undo()
    })
  }

  /** Whether the client holds a connection to a broker, or to any. */
  isConnectedTo(nodeId: number | undefined): boolean {
    return this.network.links(nodeId === undefined ? undefined : this.portOf(nodeId)).length > 0
  }

  /** Stops a broker. Returns whether it was up. */
  stopBroker(nodeId: number, failoverMs: number): boolean {
    if (this.#down.has(nodeId)) return false
    this.#down.add(nodeId)
    void this.cluster.stopBroker(nodeId, { failoverMs })
    return true
  }

  startBroker(nodeId: number): void {
    if (!this.#down.delete(nodeId)) return
    void this.cluster.startBroker(nodeId)
  }

  /** Deletes a topic for a while. Returns whether it existed. */
  deleteTopic(topic: string): boolean {
    if (this.#missing.has(topic)) return false
    this.#missing.set(topic, this.partitionsOf(topic))
    this.history.beforeRecreation(topic)
    this.cluster.deleteTopic(topic)
    return true
  }

  /** Deletes a topic for good; false if it is the only one left. */
  deleteTopicForGood(topic: string): boolean {
    if (this.#gone.has(topic) || this.#gone.size + 1 >= this.topicNames.length) return false
    this.deleteTopic(topic)
    this.#gone.add(topic)
    return true
  }

  createTopic(topic: string): void {
    const numPartitions = this.#missing.get(topic)
    if (numPartitions === undefined || this.#gone.has(topic)) return
    this.#missing.delete(topic)
    this.cluster.createTopic({ ...newTopic(this.scenario, topic), numPartitions })
  }

  /** Ends all faults. */
  heal(): void {
    this.#isHealed = true
    this.trace.add('world', () => 'all faults are over')
    for (const { fault } of this.#requestFaults) fault.remove()
    for (const nodeId of this.nodeIds) {
      this.startBroker(nodeId)
      this.cluster.resumeBroker(nodeId)
      this.cluster.advertise(nodeId, { host: 'broker', port: this.portOf(nodeId) })
    }
    for (const topic of [...this.#missing.keys()]) this.createTopic(topic)
    this.network.heal()
    this.security?.heal()
    this.compression.fails = false
    this.time.wallSkewMs = 0
  }
}
