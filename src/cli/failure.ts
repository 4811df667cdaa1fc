import { getSystemErrorMap } from 'node:util'
import { KafkaError } from '../errors.js'

/** A reason why a command cannot go on, as one line. */
export class CommandFailure extends Error {
  override readonly name: string = 'CommandFailure'
}

/** A command was interrupted before it had begun its work. */
export class Interrupted extends CommandFailure {
  override readonly name: string = 'Interrupted'
}

/** An error as one line. An unexpected error is a fault of the program, so it comes with its stack. */
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

/** Text in one line. A part of it may come from any server, and must not act on a terminal. */
export function oneLine(text: string): string {
  return text.replaceAll(/\s*\n\s*/g, ' ').replaceAll(/\p{Cc}+/gu, ' ')
}
