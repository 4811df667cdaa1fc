/** A part of a JAAS text. `column` counts from 1. */
export type JaasToken =
  /** A word or a quoted text. */
  | { readonly kind: 'text'; readonly text: string; readonly column: number }
  /** Any other character, such as `=` and `;`, or a number, which no JAAS text may have. */
  | { readonly kind: 'symbol'; readonly text: string; readonly column: number }
  | { readonly kind: 'end'; readonly column: number }

const ESCAPES: Readonly<Record<string, string>> = {
  a: '\x07',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
}

/**
 * Cuts a JAAS text into tokens as Java does it, by `java.io.StreamTokenizer` with the settings of Kafka's
 * `JaasConfig`. It reads each character once.
 */
export class JaasTokens {
  readonly #text: string
  #at = 0

  constructor(text: string) {
    this.#text = text
  }

  next(): JaasToken {
    for (;;) {
      while (isBlank(this.#peek())) this.#at++
      const column = this.#at + 1
      const first = this.#peek()
      if (first === '') return { kind: 'end', column }
      if (first === '/') {
        this.#skipComment()
        continue
      }
      if (first === '"' || first === "'") return { kind: 'text', text: this.#quoted(first), column }
      if (isDigit(first)) return { kind: 'symbol', text: this.#number(), column }
      if (isLetter(first)) return { kind: 'text', text: this.#word(), column }
      this.#at++
      return { kind: 'symbol', text: first, column }
    }
  }

  /** Empty at the end of the text. */
  #peek(): string {
    return this.#text.charAt(this.#at)
  }

  #word(): string {
    const start = this.#at
    while (isLetter(this.#peek()) || isDigit(this.#peek())) this.#at++
    return this.#text.slice(start, this.#at)
  }

  #number(): string {
    const start = this.#at
    if (this.#peek() === '-') this.#at++
    for (let dots = 0; ; this.#at++) {
      const character = this.#peek()
      if (character === '.') {
        if (dots++ > 0) break
      } else if (character < '0' || character > '9') break
    }
    return this.#text.slice(start, this.#at)
  }

  /** A quoted text ends at its quotation mark, and also at the end of the line. */
  #quoted(mark: string): string {
    this.#at++
    let text = ''
    for (;;) {
      const character = this.#peek()
      if (character === '' || character === '\n' || character === '\r') return text
      this.#at++
      if (character === mark) return text
      text += character === '\\' ? this.#escaped() : character
    }
  }

  /** An escape after its backslash: three octal digits only if the first is at most 3, and no `\u`. */
  #escaped(): string {
    const first = this.#peek()
    this.#at++
    if (!isOctal(first)) return ESCAPES[first] ?? first
    let code = Number(first)
    for (const most of first <= '3' ? [2, 3] : [2]) {
      if (!isOctal(this.#peek())) break
      code = code * 8 + Number(this.#peek())
      this.#at++
      if (most === 3) break
    }
    return String.fromCharCode(code)
  }

  #skipComment(): void {
    const second = this.#text.charAt(this.#at + 1)
    if (second === '*') {
      const end = this.#text.indexOf('*/', this.#at + 2)
      this.#at = end === -1 ? this.#text.length : end + 2
      return
    }
    // A single slash begins a comment too. Java has read the next character by then, even a line break.
    this.#at += 2
    while (this.#peek() !== '' && this.#peek() !== '\n' && this.#peek() !== '\r') this.#at++
  }
}

function isBlank(character: string): boolean {
  return character !== '' && character <= ' '
}

function isOctal(character: string): boolean {
  return character >= '0' && character <= '7' && character !== ''
}

/** What a number can begin with. A word may have it behind its first character. */
function isDigit(character: string): boolean {
  return (character >= '0' && character <= '9') || character === '.' || character === '-'
}

function isLetter(character: string): boolean {
  return (
    (character >= 'a' && character <= 'z') ||
    (character >= 'A' && character <= 'Z') ||
    character === '_' ||
    character === '$' ||
    character >= '\xa0'
  )
}
