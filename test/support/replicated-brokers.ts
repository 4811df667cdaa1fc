import { ErrorCode } from '../../src/protocol/error-codes.js'
import type { World } from './producer-world.js'
import type { SeededRandom } from './random.js'
import { type Appended, ReplicatedPartition } from './replicated-partition.js'
import type { PartitionAnswer, ScriptedProduce, SentBatch } from './scripted-produce.js'

/** A request that a broker is handling. */
interface UnderWay {
  readonly request: ScriptedProduce
  readonly appended: readonly (readonly [SentBatch, Appended])[]
}

/**
 * Brokers of a scripted cluster that keep replicated logs and judge batches as Kafka does. They handle the
 * requests of a connection one after the other, and may still handle those of a lost connection later.
 */
export class ReplicatedBrokers {
  readonly partitions: readonly ReplicatedPartition[]
  refusals = true
  readonly #world: World
  readonly #random: SeededRandom
  readonly #nodes: readonly number[]
  readonly #underWay = new Map<number, UnderWay>()
  /** Batches of lost connections in a broker's queue. */
  readonly #late = new Map<number, SentBatch[]>()

  constructor(world: World, random: SeededRandom, nodes: readonly number[], partitionCount: number) {
    this.#world = world
    this.#random = random
    this.#nodes = nodes
    this.partitions = Array.from(
      { length: partitionCount },
      (_, index) => new ReplicatedPartition(index, nodes, random.pick(nodes), random),
    )
    for (const node of nodes) world.node(node)
    this.tellMetadata()
  }

  get isQuiet(): boolean {
    return (
      this.#world.cluster.requests.length === 0 &&
      [...this.#late.values()].every(({ length }) => length === 0)
    )
  }

  tellMetadata(): void {
    this.#world.cluster.setTopic(
      't',
      this.partitions.map(({ leader, epoch }) => [leader, epoch] as const),
    )
  }

  /** Makes a broker begin its next request. */
  handle(node: number): void {
    if (this.#underWay.has(node)) return
    const request = this.#requests(node)[0]
    if (request === undefined) return
    const appended = request.batches.map((batch) => [batch, this.#append(node, batch)] as const)
    this.#underWay.set(node, { request, appended })
    this.answer(node)
  }

  /** Makes a broker answer the request that it is handling, if it can; after a while in any case. */
  answer(node: number, isTimeOver = false): void {
    const underWay = this.#underWay.get(node)
    if (underWay === undefined) return
    const answers: Record<string, PartitionAnswer> = {}
    for (const [{ topic, partition }, appended] of underWay.appended) {
      const known =
        'answer' in appended ? appended.answer : this.#partition(partition).outcome(node, appended)
      const place = 'answer' in appended ? -1 : appended.place
      if (known === undefined && !isTimeOver) return
      answers[`${topic}-${partition}`] = known ?? {
        errorCode: ErrorCode.REQUEST_TIMED_OUT,
        baseOffset: BigInt(place),
      }
    }
    this.#underWay.delete(node)
    underWay.request.answer(answers)
  }

  /** Ends the connection to a broker. Requests that the broker had not begun are lost or handled later. */
  disconnect(node: number): void {
    const waiting = this.#requests(node).filter((request) => request !== this.#underWay.get(node)?.request)
    const late = waiting.slice(0, this.#random.integer(0, waiting.length))
    this.#late.set(node, [...(this.#late.get(node) ?? []), ...late.flatMap(({ batches }) => batches)])
    this.#underWay.delete(node)
    this.#world.node(node).disconnect()
  }

  /** Makes a broker handle a batch of a lost connection, without a response. */
  handleLate(node: number): void {
    const batch = this.#late.get(node)?.shift()
    if (batch !== undefined) this.#append(node, batch)
  }

  restart(node: number): void {
    this.disconnect(node)
    this.#late.delete(node)
    for (const partition of this.partitions) partition.restart(node)
  }

  /** Makes all brokers learn of all leaders and answer all requests. */
  settle(): void {
    this.refusals = false
    for (const node of this.#nodes) {
      if (!this.#world.node(node).isReady) this.#world.node(node).reconnect()
      for (const partition of this.partitions) {
        partition.learn(node)
        partition.replicate(true)
      }
      this.handleLate(node)
      this.handle(node)
      for (const partition of this.partitions) partition.replicate(true)
      this.answer(node)
    }
    this.tellMetadata()
  }

  #append(node: number, batch: SentBatch): Appended {
    return this.#partition(batch.partition).append(node, batch, this.refusals)
  }

  #requests(node: number): ScriptedProduce[] {
    return this.#world.cluster.requests.filter((request) => request.node.nodeId === node)
  }

  #partition(index: number): ReplicatedPartition {
    const partition = this.partitions[index]
    if (partition === undefined) throw new Error(`no partition ${index}`)
    return partition
  }
}
