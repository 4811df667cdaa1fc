import { ConfigError } from '../errors.js'
import { shown } from '../unexpected.js'

/**
 * Checks the options of a call before anything is done.
 *
 * @throws ConfigError if they are no object, `timeoutMs` is no number of 0 or more, or `signal` no AbortSignal
 */
export function checkOptions(call: string, options: unknown): void {
  if (typeof options !== 'object' || options === null) {
    throw new ConfigError('options', `${call} takes an object of options, not ${shown(options)}`)
  }
  const { timeoutMs, signal } = options as { timeoutMs?: unknown; signal?: unknown }
  if (timeoutMs !== undefined && !(typeof timeoutMs === 'number' && timeoutMs >= 0)) {
    throw new ConfigError(
      'timeoutMs',
      `timeoutMs of ${call} is ${shown(timeoutMs)}: it must be milliseconds, 0 or more`,
    )
  }
  if (signal !== undefined && !(signal instanceof AbortSignal)) {
    throw new ConfigError('signal', `signal of ${call} is ${shown(signal)}: it must be an AbortSignal`)
  }
}
