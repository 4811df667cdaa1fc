/**
 * A password or another value that must not be shown. Printing it gives `[hidden]`, also with `util.inspect`
 * and in JSON.
 */
export class Secret {
  // A `#` field, because `util.inspect` would show a field that is `private` in TypeScript only.
  readonly #value: string

  constructor(value: string) {
    this.#value = value
  }

  /** The secret itself. */
  reveal(): string {
    return this.#value
  }

  toString(): string {
    return '[hidden]'
  }

  toJSON(): string {
    return '[hidden]'
  }
}
