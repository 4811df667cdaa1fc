import type { SeededRandom } from '../support/random.js'

export type StepKind =
  | 'kill'
  | 'client kill'
  | 'short stop'
  | 'long stop'
  | 'client stop'
  | 'termination'
  | 'rolling restart'
  | 'blackhole'
  | 'recreation'
  | 'growth'
  | 'quota'

/** The approximate seconds of each kind of step, including the wait afterwards. */
export const usualSeconds: Readonly<Record<StepKind, number>> = {
  kill: 9,
  'client kill': 1.5,
  'short stop': 2,
  'long stop': 8,
  'client stop': 3.5,
  termination: 8,
  'rolling restart': 24,
  blackhole: 4,
  recreation: 8,
  growth: 4,
  quota: 20,
}

export function isStepKind(name: string): name is StepKind {
  return Object.hasOwn(usualSeconds, name)
}

export interface ScheduleCounts {
  readonly kills: number
  readonly stops: number
  readonly without: readonly StepKind[]
}

/** The faults that strike one after the other, in an order that the seed decides. */
export function scheduleOf({ kills, stops, without }: ScheduleCounts, random: SeededRandom): StepKind[] {
  const some = (share: number): number => (kills === 0 ? 0 : Math.max(1, Math.round(kills * share)))
  const clientStops = Math.floor(stops / 4)
  const shortStops = Math.floor((stops - clientStops) / 2)
  const counts: Record<StepKind, number> = {
    kill: kills,
    'client kill': some(0.15),
    'short stop': shortStops,
    'long stop': stops - clientStops - shortStops,
    'client stop': clientStops,
    termination: some(0.1),
    'rolling restart': some(0.04),
    blackhole: some(0.2),
    recreation: some(0.08),
    growth: some(0.08),
    quota: some(0.03),
  }
  const steps = Object.entries(counts).flatMap(([kind, count]) =>
    Array.from({ length: count }, () => kind as StepKind),
  )
  return shuffled(steps, random).filter((kind) => !without.includes(kind))
}

function shuffled<T>(items: readonly T[], random: SeededRandom): T[] {
  const rest = [...items]
  return Array.from({ length: items.length }, () => {
    const [taken] = rest.splice(random.integer(0, rest.length - 1), 1)
    return taken as T
  })
}
