import { KafkaError } from './errors.js'

/** A value as text, whatever it is: some cannot be turned into a string and throw in the attempt. */
export function shown(value: unknown): string {
  try {
    return String(value)
  } catch {
    return `a value of type ${typeof value} that has no text`
  }
}

/** What was thrown as one of our errors: itself if it is one, else wrapped. Code `UNEXPECTED`. */
export function asKafkaError(what: string, thrown: unknown, possiblyPersisted = false): KafkaError {
  if (thrown instanceof KafkaError) return thrown
  return new KafkaError(`${what}: ${shown(thrown)}`, { code: 'UNEXPECTED', possiblyPersisted, cause: thrown })
}
