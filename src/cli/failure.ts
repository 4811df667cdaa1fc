import { getSystemErrorMap } from 'node:util'
import { KafkaError } from '../errors.js'

/** A command cannot go on, for a reason that one line tells. */
export class CommandFailure extends Error {
  override readonly name: string = 'CommandFailure'
}

/** An error in one line; one that nobody expected with its stack, for that is a fault of the program. */
export function describeFailure(error: unknown): string {
  if (error instanceof KafkaError || error instanceof CommandFailure) return oneLine(error.message)
  if (!(error instanceof Error)) return `unexpected error: ${String(error)}`
  const system = systemReason(error)
  return system ?? `unexpected error: ${error.stack ?? error.message}`
}

function systemReason(error: Error): string | null {
  if (!('code' in error) || typeof error.code !== 'string') return null
  const known = [...getSystemErrorMap().values()].find(([name]) => name === error.code)
  return known === undefined ? null : `${known[1]} (${error.code})`
}

function oneLine(text: string): string {
  return text.replaceAll(/\s*\n\s*/g, ' ')
}
