/** The story of a run, line by line; only a counter if the run has no trace. */
export class Trace {
  readonly lines: string[] = []
  readonly isOn: boolean
  readonly #nowMs: () => number

  constructor(isOn: boolean, nowMs: () => number) {
    this.isOn = isOn
    this.#nowMs = nowMs
  }

  /** @param line called only if the run has a trace */
  add(who: string, line: () => string): void {
    if (this.isOn) this.lines.push(`${this.#nowMs().toFixed(3).padStart(12)} ${who.padEnd(8)} ${line()}`)
  }
}
