import { ConfigError, type ConfigProblem } from '../errors.js'

/**
 * Collects the problems of a config, or of the arguments of a call, so that one error reports all of them.
 */
export class ConfigProblems {
  readonly #where: string
  readonly #found = new Map<string, ConfigProblem>()

  /** @param where the end of a sentence that begins with "3 errors in" */
  constructor(where: string) {
    this.#where = where
  }

  /** Adds the problems of an error. Each message is kept once. */
  add(error: ConfigError): void {
    for (const problem of error.problems) this.#found.set(problem.message, problem)
  }

  /**
   * Returns the result of `check`. If `check` throws a ConfigError, keeps its problems and returns undefined.
   */
  try<Result>(check: () => Result): Result | undefined {
    try {
      return check()
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error
      this.add(error)
      return undefined
    }
  }

  /**
   * @throws ConfigError if there are problems. A single problem keeps its message. Several share one message,
   *   with a line for each.
   */
  throwIfAny(): void {
    const problems = [...this.#found.values()]
    const [first, ...others] = problems
    if (first === undefined) return
    if (others.length === 0) throw new ConfigError(first.key, first.message)
    const lines = problems.map(({ message }) => `\n- ${message}`)
    throw new ConfigError(
      first.key,
      `${problems.length} errors in ${this.#where}:${lines.join('')}`,
      undefined,
      problems,
    )
  }
}
