/** Kafka's types of settings. */
export type SettingType = 'boolean' | 'string' | 'int' | 'long' | 'double' | 'list'

/** The rule for the values of a setting. */
export interface SettingRule {
  readonly type: SettingType
  /** The least number, included. */
  readonly min?: number
  /** The greatest number, included. */
  readonly max?: number
  /** One more allowed number, outside the range. */
  readonly orElse?: number
  /** The allowed values of a string, or of a list's items. */
  readonly words?: readonly string[]
  /** The form of a list's items. The list may also be a single `*`. */
  readonly items?: RegExp
}

const BOUNDS = { int: 2n ** 31n, long: 2n ** 63n } as const

/** Why a setting cannot have this value; null if it can. The rules are those of Kafka's brokers. */
export function settingComplaint(rule: SettingRule, value: string): string | null {
  const text = value.trim()
  switch (rule.type) {
    case 'boolean':
      return /^(true|false)$/i.test(text) ? null : 'it must be true or false'
    case 'string':
      return rule.words === undefined || rule.words.includes(text)
        ? null
        : `it must be one of ${rule.words.join(', ')}`
    case 'int':
    case 'long':
      return wholeNumberComplaint(rule, rule.type, text)
    case 'double': {
      const number = Number(text)
      return text === '' || !Number.isFinite(number) ? 'it must be a number' : rangeComplaint(rule, number)
    }
    case 'list':
      return listComplaint(rule, itemsOf(text))
  }
}

/** The value in the form that brokers show. Several texts may have the same form. */
export function canonicalValue({ type, words }: SettingRule, value: string): string {
  const text = value.trim()
  if (type === 'boolean') return text.toLowerCase()
  if (type === 'int' || type === 'long') return String(BigInt(text.replace(/^\+/, '')))
  if (type !== 'list') return text
  // Kafka drops repeated words, and keeps repeated items of another form.
  return (words === undefined ? itemsOf(text) : [...new Set(itemsOf(text))]).join(',')
}

/** The items of a list. An empty text has none. */
export function itemsOf(text: string): string[] {
  return text.trim() === '' ? [] : text.trim().split(/\s*,\s*/)
}

function wholeNumberComplaint(rule: SettingRule, type: 'int' | 'long', text: string): string | null {
  if (!/^[+-]?\d{1,40}$/.test(text)) return 'it must be a whole number'
  const number = BigInt(text.replace(/^\+/, ''))
  const bound = BOUNDS[type]
  if (number < -bound || number >= bound)
    return `it must be a whole number of ${type === 'int' ? 32 : 64} bits`
  return rangeComplaint(rule, Number(number))
}

function rangeComplaint({ min, max, orElse }: SettingRule, number: number): string | null {
  const exception = orElse === undefined ? '' : `, or ${orElse}`
  if (number === orElse) return null
  if (min !== undefined && number < min) return `it must be at least ${min}${exception}`
  if (max !== undefined && number > max) return `it must be no more than ${max}${exception}`
  return null
}

function listComplaint({ words, items }: SettingRule, given: readonly string[]): string | null {
  if (words !== undefined) {
    return given.every((item) => words.includes(item)) ? null : `it must be a list of ${words.join(' and ')}`
  }
  if (items === undefined || given.join('') === '*' || given.every((item) => items.test(item))) return null
  return `it must be * or a list of items such as 0:1, a partition and a broker each`
}
