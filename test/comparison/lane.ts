import { kindOfLane, type LaneKind } from './lane-kinds.js'
import { randomScript } from './random-script.js'
import type { Script } from './script.js'

/** Scripts that share a partition: those whose numbers agree but for the last digit. */
export const SCRIPTS_PER_LANE = 10

/** A partition, and the scripts that are played on it, one after the other. */
export interface Lane {
  readonly number: number
  readonly kind: LaneKind
  /** In the topic of its kind. */
  readonly partition: number
  readonly scripts: readonly Script[]
}

export function laneOf(script: number): number {
  return Math.floor(script / SCRIPTS_PER_LANE)
}

/** As many lanes as so many scripts need, from the first one on. */
export function lanesFor(scripts: number): number[] {
  return Array.from({ length: Math.ceil(scripts / SCRIPTS_PER_LANE) }, (_, lane) => lane)
}

/** The lanes with these numbers, with all their scripts. */
export function lanesOf(seed: number, numbers: readonly number[]): Lane[] {
  const used = new Map<LaneKind, number>()
  return numbers.map((number) => {
    const kind = kindOfLane(number)
    const partition = used.get(kind) ?? 0
    used.set(kind, partition + 1)
    const first = number * SCRIPTS_PER_LANE
    const scripts = Array.from({ length: SCRIPTS_PER_LANE }, (_, i) => randomScript(seed, first + i, number))
    return { number, kind, partition, scripts }
  })
}
