import { parseArgs } from 'node:util'
import { isStepKind, type StepKind } from './schedule.js'

export interface ChaosOptions {
  readonly client: string
  /** The Node that runs it. */
  readonly node: string
  /** To be acknowledged; with a rate that is set, 0: the run is as long as its faults. */
  readonly records: number
  /** Records a second, all the time; otherwise as many as bring records and faults to their end together. */
  readonly rate: number | undefined
  /** The same settings for every process of the client, instead of what the seed picks. */
  readonly steady: boolean
  /** A client that ends by itself or falls silent is started again, and counted. Otherwise that ends the run. */
  readonly restart: boolean
  /** Kinds of faults to leave out. */
  readonly without: readonly StepKind[]
  /** kill -9 of brokers. */
  readonly kills: number
  /** SIGSTOP and SIGCONT, of brokers and of the client. */
  readonly stops: number
  /** Connections cut within a Produce request or its response. */
  readonly cuts: number
  /** Milliseconds between two faults on the network, at the least: a client of few requests gets them all on those. */
  readonly distance: number
  readonly seed: number
  /** After this the run is ended and has failed. */
  readonly minutes: number
  /** Where the logs of the run stay; removed at the end of a good run unless given. */
  readonly keep: string | undefined
  /** A file for the result as JSON. */
  readonly report: string | undefined
}

/** The defaults are the slice that every change is judged by. */
export function parseOptions(args: readonly string[]): ChaosOptions {
  const { values } = parseArgs({
    args: [...args],
    options: {
      client: { type: 'string', default: 'odradek' },
      node: { type: 'string', default: process.execPath },
      records: { type: 'string' },
      rate: { type: 'string' },
      steady: { type: 'boolean', default: false },
      restart: { type: 'boolean', default: false },
      without: { type: 'string', multiple: true, default: [] },
      kills: { type: 'string', default: '10' },
      stops: { type: 'string', default: '8' },
      cuts: { type: 'string', default: '400' },
      distance: { type: 'string', default: '25' },
      seed: { type: 'string', default: '1' },
      minutes: { type: 'string', default: '12' },
      keep: { type: 'string' },
      report: { type: 'string' },
    },
  })
  if (!/^[\w-]+$/.test(values.client)) throw new Error(`--client ${values.client} is not a name`)
  const { rate, records = rate === undefined ? '1000000' : '0' } = values
  const count = (name: string, value: string): number => {
    const number = Number(value)
    if (!Number.isSafeInteger(number) || number < 0)
      throw new Error(`--${name} ${value} is not a whole number from 0 on`)
    return number
  }
  const stepKind = (name: string): StepKind => {
    if (!isStepKind(name)) throw new Error(`--without ${name}: there is no such kind of fault`)
    return name
  }
  return {
    client: values.client,
    node: values.node,
    records: count('records', records),
    rate: rate === undefined ? undefined : count('rate', rate),
    steady: values.steady,
    restart: values.restart,
    without: values.without.map(stepKind),
    kills: count('kills', values.kills),
    stops: count('stops', values.stops),
    cuts: count('cuts', values.cuts),
    distance: count('distance', values.distance),
    seed: count('seed', values.seed),
    minutes: count('minutes', values.minutes),
    keep: values.keep,
    report: values.report,
  }
}
