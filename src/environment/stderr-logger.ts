import type { Logger } from '../logger.js'
import { nodeClock } from './node-clock.js'

/** The most lines that may come at once. A line beyond them is counted and left out. */
const MOST_AT_ONCE = 10
/** Milliseconds after which one more line may come. */
const REFILL_MS = 6_000

/**
 * Writes warnings and errors to stderr, for a program without a logger: a wrong port must not be a minute of
 * silence. Lines beyond the allowed rate are left out.
 *
 * @param write writes a whole line
 * @param now milliseconds on a clock that never jumps
 */
export function stderrLogger(
  write: (line: string) => void = writeToStderr,
  now: () => number = nodeClock.now,
): Logger {
  let allowed = MOST_AT_ONCE
  let countedMs = now()
  let leftOut = 0
  const say = (level: string, message: string): void => {
    const refills = Math.floor((now() - countedMs) / REFILL_MS)
    countedMs += refills * REFILL_MS
    allowed = Math.min(allowed + refills, MOST_AT_ONCE)
    if (allowed === 0) {
      leftOut++
      return
    }
    allowed--
    const before = leftOut === 0 ? '' : ` (after ${leftOut} lines that were left out)`
    leftOut = 0
    write(`odradek ${level}${before}: ${message.replaceAll(/\s*\n\s*/g, ' ')}\n`)
  }
  return {
    debug: ignore,
    info: ignore,
    warn: (message) => say('warning', message),
    error: (message) => say('error', message),
  }
}

/** One logger for the whole process, so that many clients together write no more lines than one. */
export const defaultLogger: Logger = stderrLogger()

function writeToStderr(line: string): void {
  process.stderr.write(line)
}

function ignore(): void {
  // Debug and info lines go only to a logger that the program provides.
}
