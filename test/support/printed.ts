import { inspect } from 'node:util'

/** What must be found in nothing that is printed. It is in every secret of the tests that search for it. */
export const MARKER = 'marker7Q'

/** Everything that a run has printed or given to its user. */
export class Printed {
  readonly #texts: string[] = []

  add(value: unknown): void {
    this.#texts.push(inspect(value, { depth: Number.POSITIVE_INFINITY, showHidden: true, getters: true }))
    this.#texts.push(String(value))
    try {
      this.#texts.push(
        JSON.stringify(value, (_key, item) => (typeof item === 'bigint' ? `${item}` : item)) ?? '',
      )
    } catch {
      // A value with a cycle has been inspected.
    }
    try {
      this.#texts.push(inspect(structuredClone(value), { depth: Number.POSITIVE_INFINITY }))
    } catch {
      // Functions have no clone.
    }
  }

  /** The printed texts that hold the secret in one of its forms. */
  leaks(secrets: readonly string[]): string[] {
    const forms = secrets.flatMap((secret) => [
      secret,
      ...base64Forms(secret),
      Buffer.from(secret).toString('hex'),
      [...Buffer.from(secret)].join(', '),
      inspect(Buffer.from(secret)).slice('<Buffer '.length, -1),
    ])
    return this.#texts.filter((text) => forms.some((form) => text.includes(form)))
  }

  get length(): number {
    return this.#texts.length
  }

  get text(): string {
    return this.#texts.join('\n')
  }
}

/** The base64 of the text wherever it stands in other bytes, without the digits that depend on these. */
function base64Forms(text: string): string[] {
  return [0, 1, 2].flatMap((before) => {
    const bytes = Buffer.concat([Buffer.alloc(before), Buffer.from(text)])
    const digits = bytes.toString('base64url')
    const whole = digits.slice(Math.ceil((before * 4) / 3), Math.floor((bytes.length * 8) / 6))
    return [whole, whole.replaceAll('-', '+').replaceAll('_', '/')]
  })
}
