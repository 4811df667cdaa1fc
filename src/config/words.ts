/** A list in a sentence: `a`, `a or b`, `a, b or c`. */
export function words(items: readonly string[], conjunction: 'and' | 'or'): string {
  const last = items.at(-1) ?? ''
  return items.length < 2 ? last : `${items.slice(0, -1).join(', ')} ${conjunction} ${last}`
}

/** A value as part of a sentence. Text gets quotation marks. */
export function quoted(value: unknown): string {
  return typeof value === 'string' ? `'${value}'` : String(value)
}

/** Only this many characters of a longer text are shown. */
const SHOWN_LENGTH = 100

/** Text from outside as part of a sentence, cut to a readable length. */
export function shortened(text: string): string {
  return text.length > SHOWN_LENGTH ? `${text.slice(0, SHOWN_LENGTH)}...` : text
}
