import type { Finding, Verdict } from './finding.js'

/** The whole result, as `odradek doctor --json` prints it. */
export interface DoctorReport {
  /** The version of this shape. Fields may be added to it. A change of a field raises the number. */
  readonly version: 1
  /** `wrong` if any finding is wrong; otherwise `ok`. */
  readonly verdict: 'ok' | 'wrong'
  readonly bootstrapServers: readonly string[]
  /** Null if no topic was asked for. */
  readonly topic: string | null
  /** Null if no broker told it. */
  readonly clusterId: string | null
  /** How often each verdict was given. */
  readonly counts: Readonly<Record<Verdict, number>>
  /** In the order in which the checks were made. */
  readonly findings: readonly Finding[]
}

/** Puts the report together. */
export function doctorReport(
  { bootstrapServers, topic }: Pick<DoctorReport, 'bootstrapServers' | 'topic'>,
  findings: readonly Finding[],
): DoctorReport {
  const counts: Record<Verdict, number> = { ok: 0, warning: 0, wrong: 0, skipped: 0, unknown: 0 }
  for (const { verdict } of findings) counts[verdict] += 1
  const clusterId = findings.map(({ facts: { clusterId: id } }) => id).find((id) => id !== undefined)
  return {
    version: 1,
    verdict: counts.wrong === 0 ? 'ok' : 'wrong',
    bootstrapServers,
    topic,
    clusterId: typeof clusterId === 'string' ? clusterId : null,
    counts,
    findings,
  }
}
