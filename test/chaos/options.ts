import { parseArgs } from 'node:util'

export interface ChaosOptions {
  readonly client: string
  /** To be acknowledged. */
  readonly records: number
  /** kill -9 of brokers. */
  readonly kills: number
  /** SIGSTOP and SIGCONT, of brokers and of the client. */
  readonly stops: number
  /** Connections cut within a Produce request or its response. */
  readonly cuts: number
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
      records: { type: 'string', default: '1000000' },
      kills: { type: 'string', default: '10' },
      stops: { type: 'string', default: '8' },
      cuts: { type: 'string', default: '400' },
      seed: { type: 'string', default: '1' },
      minutes: { type: 'string', default: '12' },
      keep: { type: 'string' },
      report: { type: 'string' },
    },
  })
  if (!/^[\w-]+$/.test(values.client)) throw new Error(`--client ${values.client} is not a name`)
  const count = (name: 'records' | 'kills' | 'stops' | 'cuts' | 'seed' | 'minutes'): number => {
    const number = Number(values[name])
    if (!Number.isSafeInteger(number) || number < 0) {
      throw new Error(`--${name} ${values[name]} is not a whole number from 0 on`)
    }
    return number
  }
  return {
    client: values.client,
    records: count('records'),
    kills: count('kills'),
    stops: count('stops'),
    cuts: count('cuts'),
    seed: count('seed'),
    minutes: count('minutes'),
    keep: values.keep,
    report: values.report,
  }
}
