import { allowedValues } from '../../../src/config/check.js'
import type { ConfigEntries, ConfigEntry } from '../../../src/config/entry.js'
import { shownDefault, supportNote } from './shown-entry.js'
import { LINE_LENGTH, wrapped } from './wrapped.js'

/** One file of `src/config/given`: the settings of one table, as an interface. */
export interface InterfaceFile {
  readonly path: string
  readonly table: string
  readonly entries: ConfigEntries
  readonly name: string
  /** The interfaces of other tables that it extends. */
  readonly extended: readonly string[]
  readonly description: string
}

/** The columns of `   * ` before each line of a comment. */
const COMMENT_INDENT = 5

/** The types that a file may import, each with its module. */
const sources: Readonly<Record<string, string>> = {
  Logger: '../../logger.js',
  PartitionerFunction: '../partitioner-function.js',
  ProducerInterceptor: '../interceptor.js',
  SaslConfig: '../sasl.js',
  Secret: '../secret.js',
  TlsOptions: '../tls/tls-options.js',
  TlsOptionsFunction: '../tls/tls-options.js',
  Bytes: '../serializer.js',
  Serializer: '../serializer.js',
  ConnectionConfig: './connection-config.js',
  OAuthConfig: './oauth-config.js',
  SecurityConfig: './security-config.js',
}

/**
 * The whole text of such a file. Each setting has a doc comment with its meaning, its range and its default.
 */
export function interfaceFile({ table, entries, name, extended, description }: InterfaceFile): string {
  const members = Object.entries(entries).map(([key, entry]) => member(key, entry))
  const body = members.join('\n\n')
  const parameters = /<[KV]\b|, V>/.test(body) ? '<K = Bytes, V = Bytes>' : ''
  const heritage = extended.length === 0 ? '' : ` extends ${extended.join(', ')}`
  const head = `export interface ${name}${parameters}${heritage}`
  return `${importsOf(`${head} ${withoutComments(body)}`)}// Made from ../${table}. To make it again:
//   npx vitest run --project unit test/unit/config/documents.test.ts --update

/** ${description} */
${head} {
${body}
}
`
}

function importsOf(code: string): string {
  const used = Object.entries(sources).filter(([type]) =>
    new RegExp(`(?<!interface )\\b${type}\\b`).test(code),
  )
  const lines = [...new Set(used.map(([, source]) => source))].map((source) => {
    const types = used.filter(([, from]) => from === source).map(([type]) => type)
    return `import type { ${types.join(', ')} } from '${source}'`
  })
  return lines.length === 0 ? '' : `${lines.join('\n')}\n\n`
}

function withoutComments(code: string): string {
  return code.replace(/\/\*\*[\s\S]*?\*\//g, '')
}

function member(key: string, entry: ConfigEntry): string {
  const isRequired = entry.type === 'servers'
  const types = isRequired ? typesOf(entry) : [...typesOf(entry), 'undefined']
  const name = `  readonly ${key}${isRequired ? '' : '?'}:`
  const line = `${name} ${types.join(' | ')}`
  const type = line.length > LINE_LENGTH ? [name, ...types.map((part) => `    | ${part}`)].join('\n') : line
  return `${comment(key, entry)}\n${type}`
}

function comment(key: string, entry: ConfigEntry): string {
  const { description, difference } = entry
  const paragraphs = [
    [description, supportNote(entry), difference].filter((part) => part !== undefined).join(' '),
    `${rangeOf(key, entry)}${nameNote(key, entry)}`,
    ...(entry.type === 'servers' ? [] : [`@default ${shownDefault(entry).replace(/^`(.*)`$/, '$1')}`]),
  ]
  const lines = paragraphs.flatMap((text, i) => [...(i === 0 ? [] : ['']), ...wrapped(text, COMMENT_INDENT)])
  return ['  /**', ...lines.map((line) => `   *${line === '' ? '' : ` ${line}`}`), '   */'].join('\n')
}

function nameNote(key: string, { javaName, propertyName }: ConfigEntry): string {
  if (propertyName !== undefined) return ` In a \`.properties\` file: \`${propertyName}\`.`
  return javaName === null || javaName === key ? '' : ` Java: \`${javaName}\`.`
}

function rangeOf(key: string, entry: ConfigEntry): string {
  const [, unit] = /(Ms|Seconds)$/.exec(key) ?? []
  const allowed = allowedValues(entry)
  const text = `${allowed.charAt(0).toUpperCase()}${allowed.slice(1)}`
  if (unit === undefined) return `${text}.`
  return `${unit === 'Ms' ? 'Milliseconds' : 'Seconds'}: ${allowed}.`
}

/** The members of the union type of a setting. */
function typesOf(entry: ConfigEntry): string[] {
  return 'default' in entry && entry.default === null ? [...ownTypes(entry), 'null'] : ownTypes(entry)
}

function ownTypes(entry: ConfigEntry): string[] {
  switch (entry.type) {
    case 'int':
    case 'long':
    case 'double':
      return ['number']
    case 'boolean':
    case 'string':
      return [entry.type]
    case 'acks':
      return ["'all'", '-1', '0', '1']
    case 'choice':
      return entry.values.map((value) => `'${value}'`)
    case 'password':
      return ['string', 'Secret']
    case 'list':
      return ['readonly string[]']
    case 'servers':
      return ['string', 'readonly string[]']
    case 'partitioner':
      return [...entry.values.map((value) => `'${value}'`), 'PartitionerFunction<K, V>']
    case 'logger':
      return ['Logger', 'false']
    case 'keySerializer':
      return ['Serializer<K>']
    case 'valueSerializer':
      return ['Serializer<V>']
    case 'interceptors':
      return ['readonly ProducerInterceptor<K, V>[]']
    case 'tls':
      return ['TlsOptions', 'TlsOptionsFunction']
    case 'sasl':
      return ['SaslConfig']
    default:
      throw new TypeError(`no type for ${String(entry satisfies never)}`)
  }
}
