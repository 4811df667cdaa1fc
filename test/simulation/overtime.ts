/** What a turn of the event loop may take beyond a timeout, milliseconds. */
const SLACK_MS = 100

/** The complaint about something that was told to be over after `limitMs` and took longer; none if it was in time. */
export function overtime(what: string, tookMs: number, limitMs: number): string[] {
  if (tookMs <= limitMs + SLACK_MS) return []
  return [`${what} took ${tookMs.toFixed(0)} ms, where ${limitMs} ms were allowed`]
}
