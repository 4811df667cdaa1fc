/** The newest entries of a log without end. */
export class BoundedLog<T> {
  readonly #limit: number
  #entries: T[] = []

  constructor(limit: number) {
    this.#limit = limit
  }

  push(entry: T): void {
    this.#entries.push(entry)
    // Cut in large steps: one shift per entry would move the whole array each time.
    if (this.#entries.length >= this.#limit * 2) this.#entries = this.#entries.slice(-this.#limit)
  }

  /** Oldest first. */
  entries(): T[] {
    return this.#entries.slice(-this.#limit)
  }

  clear(): void {
    this.#entries = []
  }
}
