import { ConfigError } from '../errors.js'

const escapes: ReadonlyMap<string, string> = new Map([
  ['t', '\t'],
  ['n', '\n'],
  ['r', '\r'],
  ['f', '\f'],
])

/**
 * Reads the text of a `.properties` file as `java.util.Properties.load` does: with comments, escapes and
 * lines continued after a backslash. A key ends at `=`, `:` or white space. If a key occurs twice, its last
 * value counts.
 *
 * @throws ConfigError for a \u escape without four hexadecimal digits
 */
export function parsePropertiesText(text: string): Map<string, string> {
  const properties = new Map<string, string>()
  for (const line of logicalLines(text)) {
    const keyEnd = endOfKey(line)
    let valueStart = skipSpace(line, keyEnd)
    if (isSeparator(line[valueStart])) valueStart = skipSpace(line, valueStart + 1)
    properties.set(unescaped(line.slice(0, keyEnd)), unescaped(line.slice(valueStart)))
  }
  return properties
}

/**
 * The lines that are neither blank nor comments. Continued lines are joined, and leading white space is
 * dropped.
 */
function logicalLines(text: string): string[] {
  const lines: string[] = []
  let begun = ''
  // A byte order mark is no part of the first key.
  for (const natural of text.replace(/^\ufeff/, '').split(/\r\n|\r|\n/)) {
    const line = natural.slice(skipSpace(natural, 0))
    if (begun === '' && (line === '' || line.startsWith('#') || line.startsWith('!'))) continue
    const joined = begun + line
    if (isContinued(line)) {
      begun = joined.slice(0, -1)
    } else {
      lines.push(joined)
      begun = ''
    }
  }
  if (begun !== '') lines.push(begun)
  return lines
}

/** Whether the line ends with an odd number of backslashes. An even number is made of escaped backslashes. */
function isContinued(line: string): boolean {
  let start = line.length
  while (start > 0 && line[start - 1] === '\\') start--
  return (line.length - start) % 2 === 1
}

function endOfKey(line: string): number {
  for (let i = 0; i < line.length; i++) {
    if (line[i] === '\\') i++
    else if (isSeparator(line[i]) || isSpace(line[i])) return i
  }
  return line.length
}

function skipSpace(line: string, start: number): number {
  let i = start
  while (isSpace(line[i])) i++
  return i
}

function isSpace(character: string | undefined): boolean {
  return character === ' ' || character === '\t' || character === '\f'
}

function isSeparator(character: string | undefined): boolean {
  return character === '=' || character === ':'
}

function unescaped(text: string): string {
  if (!text.includes('\\')) return text
  let result = ''
  for (let i = 0; i < text.length; i++) {
    const character = text.charAt(i)
    if (character !== '\\') {
      result += character
      continue
    }
    i++
    const escaped = text.charAt(i)
    if (escaped === 'u') {
      result += String.fromCharCode(codeOf(text.slice(i + 1, i + 5)))
      i += 4
    } else {
      result += escapes.get(escaped) ?? escaped
    }
  }
  return result
}

function codeOf(digits: string): number {
  if (!/^[0-9a-fA-F]{4}$/.test(digits)) {
    // The digits are not shown: they may be part of a password.
    throw new ConfigError('properties', 'the properties have a \\u without four hexadecimal digits after it')
  }
  return Number.parseInt(digits, 16)
}
