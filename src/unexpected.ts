import { KafkaError } from './errors.js'

/** A value as text. Some values throw when they are turned into a string. */
export function shown(value: unknown): string {
  try {
    return String(value)
  } catch {
    return `a value of type ${typeof value} that has no text`
  }
}

/** A thrown value as one of our errors: itself if it is one, else wrapped with code `UNEXPECTED`. */
export function asKafkaError(what: string, thrown: unknown, possiblyPersisted = false): KafkaError {
  if (thrown instanceof KafkaError) return thrown
  return new KafkaError(`${what}: ${shown(thrown)}`, { code: 'UNEXPECTED', possiblyPersisted, cause: thrown })
}
