import { ConfigError } from '../errors.js'
import { extensionProblem } from '../network/sasl/oauth-token.js'
import { type JaasToken, JaasTokens } from './jaas-tokens.js'

/** The login module of a JAAS text, with its options. */
export interface JaasModule {
  /** The name of a Java class. */
  readonly module: string
  /** In a Map, because the names come from outside: an option may be named `__proto__`. */
  readonly options: ReadonlyMap<string, string>
}

const FLAGS: ReadonlySet<string> = new Set(['required', 'requisite', 'sufficient', 'optional'])

/** Options whose names an error may show. Anything else could be a part of a password. */
const KNOWN_OPTIONS: ReadonlySet<string> = new Set([
  'username',
  'password',
  'tokenauth',
  'clientId',
  'clientSecret',
  'scope',
])

/** Longer texts are refused. */
const MAX_LENGTH = 1_048_576

/**
 * Reads the text of `sasl.jaas.config` as Java does: `Module flag (key = value)* ;`.
 *
 * @throws ConfigError that says what is wrong and in which column. It shows no value
 */
export function parseJaas(key: string, text: string): JaasModule {
  if (text.length > MAX_LENGTH) throw new ConfigError(key, `${key} has more than ${MAX_LENGTH} characters`)
  const tokens = new JaasTokens(text)
  const first = tokens.next()
  if (first.kind === 'end') throw wrong(key, first, 'there is no login module')
  if (first.kind !== 'text') throw wrong(key, first, 'the name of a login module is expected')
  const flag = tokens.next()
  if (flag.kind !== 'text' || !FLAGS.has(flag.text.toLowerCase()))
    throw wrong(key, flag, "the flag 'required' is expected after the login module")
  const options = readOptions(key, tokens)
  const rest = tokens.next()
  if (rest.kind !== 'end')
    throw wrong(key, rest, 'there is text after the login module, and only one is allowed')
  return { module: first.text, options }
}

/**
 * The SASL extensions among the options of a login module: those whose names begin with `prefix`.
 *
 * @throws ConfigError for one that no broker would take. It shows no value
 */
export function jaasExtensions(
  key: string,
  options: ReadonlyMap<string, string>,
  prefix: string,
): Record<string, string> {
  const extensions: Record<string, string> = {}
  for (const [option, value] of options) {
    if (!option.startsWith(prefix)) continue
    const name = option.slice(prefix.length)
    const problem = extensionProblem(name, value)
    if (problem !== null) throw new ConfigError(key, `${key}: ${problem}`)
    extensions[name] = value
  }
  return extensions
}

function readOptions(key: string, tokens: JaasTokens): ReadonlyMap<string, string> {
  const options = new Map<string, string>()
  for (;;) {
    const name = tokens.next()
    if (name.kind === 'end') throw wrong(key, name, "the login module does not end with ';'")
    if (name.kind === 'symbol' && name.text === ';') return options
    if (name.kind !== 'text') throw wrong(key, name, 'the name of an option is expected')
    const equals = tokens.next()
    if (equals.kind !== 'symbol' || equals.text !== '=')
      throw wrong(key, equals, `${shownOption(name.text)} has no value: '=' is expected`)
    const value = tokens.next()
    if (value.kind !== 'text')
      throw wrong(
        key,
        value,
        `${shownOption(name.text)} has no value that can be read: put it in quotation marks`,
      )
    // The last one counts.
    options.set(name.text, value.text)
  }
}

function shownOption(name: string): string {
  return KNOWN_OPTIONS.has(name) ? `the option ${name}` : 'an option'
}

function wrong(key: string, { column }: JaasToken, what: string): ConfigError {
  return new ConfigError(key, `${key} is no JAAS text of Java: ${what} (column ${column})`)
}
