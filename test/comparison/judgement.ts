import { isDeepStrictEqual } from 'node:util'
import { isAtLeast } from '../support/kafka/tools.js'
import { type Answer, errorCodesOf } from './answer.js'
import { type Compared, KNOWN_DIFFERENCES, type KnownDifference } from './known-differences.js'
import type { Lane } from './lane.js'
import type { Played } from './lane-player.js'
import { bothAnswers, storyOf } from './story.js'

/** What one cluster said of a lane. */
export interface LaneResult {
  readonly played: readonly Played[]
  readonly log: readonly Answer[]
}

/**
 * The first thing in a lane that nobody has accounted for. What comes behind it would differ because of it.
 */
export interface Finding {
  /** The script, or for a difference of the final logs the first one of the lane. */
  readonly script: number
  readonly text: string
}

export interface Judgement {
  readonly findings: Finding[]
  /** How often each known difference was seen. */
  readonly known: Map<KnownDifference, number>
  /** Kafka's error codes, by how often it answered with each. */
  readonly errorCodes: Map<number, number>
  answers: number
  /** Compared in the final logs. */
  batches: number
}

/** Compares two clusters' answers, lane by lane. */
export class Judge {
  readonly #differences: readonly KnownDifference[]
  readonly judgement: Judgement = {
    findings: [],
    known: new Map(),
    errorCodes: new Map(),
    answers: 0,
    batches: 0,
  }

  constructor(kafkaVersion: string) {
    this.#differences = KNOWN_DIFFERENCES.filter(
      ({ before, covers }) => covers !== null && (before === undefined || !isAtLeast(kafkaVersion, before)),
    )
  }

  judge(lane: Lane, kafka: LaneResult, embedded: LaneResult): void {
    const first = this.#firstStep(lane, kafka, embedded)
    if (first === 'parted') return
    const finding = first ?? this.#firstBatch(lane, kafka, embedded)
    if (finding !== null) this.judgement.findings.push(finding)
  }

  #firstStep({ kind }: Lane, kafka: LaneResult, embedded: LaneResult): Finding | 'parted' | null {
    for (const [i, { script, step, answer }] of kafka.played.entries()) {
      const ours = embedded.played[i]?.answer ?? NOTHING
      this.judgement.answers++
      for (const code of errorCodesOf(answer)) count(this.judgement.errorCodes, code)
      const verdict = this.#verdict({ step, kind, kafka: answer, embedded: ours })
      if (verdict === 'agreed') continue
      if (verdict === 'parted') return verdict
      return { script, text: storyOf(kind, kafka.played.slice(0, i + 1), ours) }
    }
    return null
  }

  #firstBatch({ kind, scripts }: Lane, kafka: LaneResult, embedded: LaneResult): Finding | null {
    for (let i = 0; i < Math.max(kafka.log.length, embedded.log.length); i++) {
      const [theirs, ours] = [kafka.log[i] ?? NOTHING, embedded.log[i] ?? NOTHING]
      this.judgement.batches++
      if (this.#verdict({ step: null, kind, kafka: theirs, embedded: ours }) === 'agreed') continue
      const text = `the final logs of scripts on a partition of the kind ${kind} differ at place ${i}:\n${bothAnswers(theirs, ours)}`
      return { script: scripts[0]?.number ?? -1, text }
    }
    return null
  }

  /** Whether both are the same or differ in a known way, after which they may have different logs. */
  #verdict(compared: Compared): 'agreed' | 'parted' | 'unknown' {
    if (isDeepStrictEqual(compared.kafka, compared.embedded)) return 'agreed'
    const known = this.#differences.find(({ covers }) => covers?.(compared))
    if (known === undefined) return 'unknown'
    count(this.judgement.known, known)
    return known.parts === true ? 'parted' : 'agreed'
  }
}

const NOTHING: Answer = {}

function count<Key>(counts: Map<Key, number>, key: Key): void {
  counts.set(key, (counts.get(key) ?? 0) + 1)
}
