/** A password, or whatever else must not be seen: no way of printing it, `util.inspect` and JSON included, shows what it is. */
export class Secret {
  // Private to the language, not just to the types: that is what keeps it out of `util.inspect`.
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
