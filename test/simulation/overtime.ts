/** Tolerance beyond a timeout for a turn of the event loop, in milliseconds. */
const SLACK_MS = 100

/** The violation of a call with a timeout of `limitMs` that took longer; none if it ended in time. */
export function overtime(what: string, tookMs: number, limitMs: number): string[] {
  if (tookMs <= limitMs + SLACK_MS) return []
  return [`${what} took ${tookMs.toFixed(0)} ms, where ${limitMs} ms were allowed`]
}
