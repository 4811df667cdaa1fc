import { parseArgs } from 'node:util'
import { isStepKind, type StepKind } from './schedule.js'

export interface ChaosOptions {
  readonly client: string
  /** The Node executable that runs the client. */
  readonly node: string
  /**
   * The number of records to be acknowledged. 0 if a rate is given: the run then lasts as long as its faults.
   */
  readonly records: number
  /** The constant records per second. If it is left out, records and faults end at about the same time. */
  readonly rate: number | undefined
  /** Whether every process of the client has the same settings, instead of settings that the seed picks. */
  readonly steady: boolean
  /**
   * Whether a client that ends by itself, or falls silent, is started again and counted. Otherwise the run
   * ends.
   */
  readonly restart: boolean
  /** The kinds of faults to leave out. */
  readonly without: readonly StepKind[]
  /** The number of kill -9 of brokers. */
  readonly kills: number
  /** The number of SIGSTOP and SIGCONT, of brokers and of the client. */
  readonly stops: number
  /** The number of connections that are cut within a Produce request or its response. */
  readonly cuts: number
  /**
   * The least milliseconds between two faults on the network. Otherwise a client with few requests has a
   * fault on each.
   */
  readonly distance: number
  readonly seed: number
  /** A run that takes longer is ended as failed. */
  readonly minutes: number
  /** The folder for the logs of the run. If it is left out, a good run removes its logs. */
  readonly keep: string | undefined
  /** The file for the result as JSON. */
  readonly report: string | undefined
}

/** The defaults are the short run that judges every change. */
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
      throw new Error(`--${name} ${value} is not a whole number from 0`)
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
