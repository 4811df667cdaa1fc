/** The story of a run, line by line; nothing but a counter where nobody wants to read it. */
export class Trace {
  readonly lines: string[] = []
  readonly isOn: boolean
  readonly #nowMs: () => number

  constructor(isOn: boolean, nowMs: () => number) {
    this.isOn = isOn
    this.#nowMs = nowMs
  }

  /** @param line made only if somebody reads it */
  add(who: string, line: () => string): void {
    if (this.isOn) this.lines.push(`${this.#nowMs().toFixed(3).padStart(12)} ${who.padEnd(8)} ${line()}`)
  }
}
