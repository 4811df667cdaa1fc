import { setTimeout as sleep } from 'node:timers/promises'
import { DeleteRecords } from '../../src/protocol/delete-records.js'
import { ErrorCode } from '../../src/protocol/error-codes.js'
import { InitProducerId, type InitProducerIdResponse } from '../../src/protocol/init-producer-id.js'
import { Produce, type ProduceRequest } from '../../src/protocol/produce.js'
import { type Answer, deleteRecordsAnswer, initProducerIdAnswer, produceAnswer } from './answer.js'
import { batchBytes } from './batch-plan.js'
import type { ClusterUnderComparison } from './cluster-under-comparison.js'
import type { Lane } from './lane.js'
import { Line } from './line.js'
import { logOffsets } from './log-offsets.js'
import type { DeleteRecordsStep, InitProducerIdStep, Producer, ProduceStep, Script, Step } from './script.js'

const WAIT_MS = 20
const WAITS = 1_500

export interface Played {
  readonly script: number
  /** How often the broker had been started again by then. */
  readonly part: number
  readonly step: Step
  readonly answer: Answer
}

/** Plays the scripts of one lane on one cluster. */
export class LanePlayer {
  readonly lane: Lane
  readonly played: Played[] = []
  readonly #cluster: ClusterUnderComparison
  readonly #now: number

  constructor(lane: Lane, cluster: ClusterUnderComparison, now: number) {
    this.lane = lane
    this.#cluster = cluster
    this.#now = now
  }

  /** All scripts' steps up to the next restart. */
  async play(part: number, line: Line): Promise<void> {
    await this.#untilLed(line)
    for (const script of this.lane.scripts) {
      for (const step of script.parts[part] ?? []) {
        const answer = await this.#step(script, step, line)
        this.played.push({ script: script.number, part, step, answer })
      }
    }
  }

  /** A broker that has just started, or a topic that has just been made, needs a moment. */
  async #untilLed(line: Line): Promise<void> {
    for (let waits = 0; waits < WAITS; waits++) {
      const offsets = await logOffsets(line, this.#topic, this.lane.partition)
      if (typeof offsets !== 'string' && offsets.start >= 0n) return
      await sleep(WAIT_MS)
    }
    throw new Error(`${this.#cluster.name} does not lead partition ${this.lane.partition} of ${this.#topic}`)
  }

  #step(script: Script, step: Step, line: Line): Promise<Answer> {
    switch (step.kind) {
      case 'produce':
        return step.acks === 0 ? this.#produceUnanswered(script, step) : this.#produce(script, step, line)
      case 'init producer id':
        return this.#initProducerId(script, step, line)
      case 'delete records':
        return this.#deleteRecords(step, line)
    }
  }

  async #produce(script: Script, step: ProduceStep, line: Line): Promise<Answer> {
    const version = this.#cluster.versions.nearest(Produce, step.version)
    const response = await line.ask(Produce, version, this.#produceRequest(script, step))
    if (typeof response === 'string') return { unanswered: response }
    return produceAnswer(response, this.lane.kind === 'append time')
  }

  /** Over a connection of its own, which the broker ends if anything is wrong. */
  async #produceUnanswered(script: Script, step: ProduceStep): Promise<Answer> {
    const line = new Line(this.#cluster.bootstrapServers)
    try {
      const version = this.#cluster.versions.nearest(Produce, step.version)
      await line.tell(Produce, version, this.#produceRequest(script, step))
      const offsets = await logOffsets(line, this.#topic, this.lane.partition)
      return typeof offsets === 'string' ? { unanswered: offsets } : { ...offsets }
    } finally {
      await line.close()
    }
  }

  #produceRequest(script: Script, { batches, acks, transactionalId, target }: ProduceStep): ProduceRequest {
    const { topic, topicId } = this.#cluster.topicOf(this.lane.kind)
    const other = target === 'other topic'
    return {
      transactionalId,
      acks,
      timeoutMs: 30_000,
      topics: [
        {
          name: other ? 'nowhere' : topic,
          topicId: other ? 'AAAAAAAAAAAAAAAAAAAAAQ' : topicId,
          partitions: batches.map((plan) => ({
            index: target === 'other partition' ? 1_000_000 : this.lane.partition,
            records:
              plan === null ? Buffer.alloc(0) : batchBytes(plan, this.#now, (id) => this.#idOf(script, id)),
          })),
        },
      ],
    }
  }

  async #initProducerId(script: Script, step: InitProducerIdStep, line: Line): Promise<Answer> {
    const { transactionalId, transactionTimeoutMs, current } = step
    const version = this.#cluster.versions.nearest(InitProducerId, step.version)
    const request = {
      transactionalId,
      transactionTimeoutMs,
      producerId: this.#idOf(script, current.producer),
      producerEpoch: current.epoch,
    }
    let response: InitProducerIdResponse | string = await line.ask(InitProducerId, version, request)
    for (let waits = 0; waits < WAITS; waits++) {
      // The broker has no block of ids yet, or its partition has no leader yet. Only time mends that.
      if (typeof response === 'string' || response.errorCode !== ErrorCode.COORDINATOR_LOAD_IN_PROGRESS) break
      await sleep(WAIT_MS)
      response = await line.ask(InitProducerId, version, request)
    }
    if (typeof response === 'string') return { unanswered: response }
    const answer = initProducerIdAnswer(response, (id) => this.#cluster.hasGiven(id))
    if (response.errorCode === ErrorCode.NONE)
      this.#cluster.noteProducerId(script.number, step.as, response.producerId)
    return answer
  }

  async #deleteRecords({ version: wanted, upTo }: DeleteRecordsStep, line: Line): Promise<Answer> {
    const version = this.#cluster.versions.nearest(DeleteRecords, wanted)
    const offsets = await logOffsets(line, this.#topic, this.lane.partition)
    if (typeof offsets === 'string') return { unanswered: offsets }
    const { start, end } = offsets
    const held = Number(end - start)
    const offset = 'offset' in upTo ? upTo.offset : start + BigInt(Math.floor(held * upTo.share) + upTo.plus)
    const partitions = [{ partitionIndex: this.lane.partition, offset }]
    const request = { topics: [{ name: this.#topic, partitions }], timeoutMs: 10_000 }
    const response = await line.ask(DeleteRecords, version, request)
    if (typeof response === 'string') return { unanswered: response }
    return { ...deleteRecordsAnswer(response), before: offsets, offset }
  }

  get #topic(): string {
    return this.#cluster.topicOf(this.lane.kind).topic
  }

  /** An id that was asked for and not given stands for one that nobody has. */
  #idOf(script: Script, producer: Producer): bigint {
    if (typeof producer === 'bigint') return producer
    const given = this.#cluster.producerIdOf(script.number, producer)
    return given ?? BigInt(2_000_000_000_000 + script.number * 10 + producer.charCodeAt(0) - 97)
  }
}
