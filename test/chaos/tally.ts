/** The steps of a run that have ended so far. */
export interface Tally {
  kills: number
  /** Kills of brokers that led a partition of the main topic. */
  leaderKills: number
  /** Kills of the active controller. */
  controllerKills: number
  clientKills: number
  stops: number
  /** The stops of brokers for longer than their session. */
  longStops: number
  /** The stops of the client. */
  clientStops: number
  terminations: number
  rollingRestarts: number
  blackholes: number
  /** Partitions that got their preferred leader because the run asked for it. */
  elections: number
  recreations: number
  growths: number
  quotas: number
}

export const emptyTally = (): Tally => ({
  kills: 0,
  leaderKills: 0,
  controllerKills: 0,
  clientKills: 0,
  stops: 0,
  longStops: 0,
  clientStops: 0,
  terminations: 0,
  rollingRestarts: 0,
  blackholes: 0,
  elections: 0,
  recreations: 0,
  growths: 0,
  quotas: 0,
})
