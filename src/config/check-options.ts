import { ConfigError } from '../errors.js'
import { shown } from '../unexpected.js'
import { isLogger } from './check.js'
import { checkFields } from './check-fields.js'
import { ConfigProblems } from './config-problems.js'
import { shortened } from './words.js'

type OptionName = 'timeoutMs' | 'signal' | 'validateOnly' | 'strict' | 'logger' | 'sasl'

interface OptionRule {
  isRight(value: unknown): boolean
  /** The end of a sentence that begins with "it must be". */
  readonly text: string
}

const isBoolean = (value: unknown): boolean => typeof value === 'boolean'

/** Every option that a call may have, by name. */
const rules: Readonly<Record<OptionName, OptionRule>> = {
  timeoutMs: {
    isRight: (value) => typeof value === 'number' && value >= 0,
    text: 'milliseconds, 0 or more',
  },
  signal: { isRight: (value) => isAbortSignal(value), text: 'an AbortSignal' },
  validateOnly: { isRight: isBoolean, text: 'true or false' },
  strict: { isRight: isBoolean, text: 'true or false' },
  logger: {
    isRight: (value) => value === false || isLogger(value),
    text: 'an object with the functions debug, info, warn and error, or false',
  },
  sasl: {
    isRight: (value) => typeof value === 'object' && value !== null,
    text: "an object such as { mechanism: 'OAUTHBEARER', token }",
  },
}

/**
 * Checks the options of a call before the call does anything. `undefined` counts as left out.
 *
 * @param known the options that the call has
 * @throws ConfigError if the options are not an object, if one of them is unknown, or if a value has the
 *   wrong type
 */
export function checkOptions<Options extends object>(
  call: string,
  options: Options,
  known: readonly (keyof Options & OptionName)[],
): void {
  if (typeof options !== 'object' || options === null) {
    throw new ConfigError('options', `${call} takes an object of options, not ${kind(options)}`)
  }
  const problems = new ConfigProblems(`the options of ${call}`)
  problems.try(() => checkFields(`the options of ${call}`, options, known))
  for (const name of known) {
    const value = options[name]
    const { isRight, text } = rules[name]
    if (value === undefined || isRight(value)) continue
    problems.add(new ConfigError(name, `${name} of ${call} is ${kind(value)}: it must be ${text}`))
  }
  problems.throwIfAny()
}

function kind(value: unknown): string {
  return typeof value === 'string' ? `the string '${shortened(value)}'` : shown(value)
}

/** Accepts a signal of another realm too. The sandbox of a test runner is one. */
function isAbortSignal(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false
  return 'aborted' in value && 'addEventListener' in value && typeof value.addEventListener === 'function'
}
