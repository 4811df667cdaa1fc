import type { CheckName } from './checks.js'

/**
 * The result of a check. `warning`: records get through, and something is worth knowing. `wrong`: something
 * has to change. `skipped`: another check failed first. `unknown`: the broker does not tell, or may not.
 */
export type Verdict = 'ok' | 'warning' | 'wrong' | 'skipped' | 'unknown'

/** A change that would help. */
export interface Fix {
  /** The place of the setting. `network` is everything between client and broker. */
  readonly where: 'client' | 'broker' | 'topic' | 'acl' | 'network'
  /** Kafka's name of the setting to change; null if it is no setting. */
  readonly setting: string | null
  readonly advice: string
  /**
   * Lines to copy into a file or a shell. Words in angle brackets stand for something that the doctor does
   * not know.
   */
  readonly lines?: readonly string[]
}

/** The details of a finding for programs, such as `{ protocol: 'TLSv1.3' }`. */
export type Facts = Readonly<Record<string, string | number | boolean | null | readonly string[]>>

/** One thing that the doctor has found. */
export interface Finding {
  readonly check: CheckName
  /** What was looked at, such as `bootstrap server localhost:9092` or `topic orders`. */
  readonly subject: string
  readonly verdict: Verdict
  readonly message: string
  /** Sentences that explain the message to somebody who sees it for the first time. */
  readonly explanation: readonly string[]
  readonly fixes: readonly Fix[]
  readonly facts: Facts
}

/** The parts of a finding that many findings do not have. */
export type FindingDetails = Partial<Pick<Finding, 'explanation' | 'fixes' | 'facts'>>

export function finding(
  check: CheckName,
  subject: string,
  verdict: Verdict,
  message: string,
  { explanation = [], fixes = [], facts = {} }: FindingDetails = {},
): Finding {
  return { check, subject, verdict, message, explanation, fixes, facts }
}

/** A finding for each check that could not be made. */
export function skipped(checks: readonly CheckName[], subject: string, because: string): Finding[] {
  return checks.map((check) => finding(check, subject, 'skipped', `because ${because}`))
}
