import type { ResolvedProducerConfig } from '../../config/config.js'
import { type Finding, type FindingDetails, finding } from '../finding.js'

const SUBJECT = 'client'

/** The settings of the client that the judgement looks at. */
export type JudgedSettings = Pick<
  ResolvedProducerConfig,
  'acks' | 'enableIdempotence' | 'maxInFlightRequestsPerConnection' | 'retries' | 'securityProtocol'
>

interface Advice {
  readonly message: string
  readonly setting: string
  readonly advice: string
}

/**
 * A warning for each setting that gives up a promise of the producer, and for each that the client itself
 * warns of; otherwise one finding that all is well.
 *
 * @param logged the warnings that the client has logged about its settings
 */
export function clientSettingsFindings(settings: JudgedSettings, logged: readonly string[]): Finding[] {
  const { acks, enableIdempotence, securityProtocol } = settings
  const facts = { acks: acks === -1 ? 'all' : String(acks), enableIdempotence, securityProtocol }
  const warnings = adviceFor(settings).map(({ message, setting, advice }) => {
    const details: FindingDetails = { fixes: [{ where: 'client', setting, advice }], facts }
    return finding('settings', SUBJECT, 'warning', message, details)
  })
  warnings.push(...logged.map((message) => finding('settings', SUBJECT, 'warning', message, { facts })))
  if (warnings.length > 0) return warnings
  const message = `acks=all, idempotent, ${securityProtocol}: all replicas in sync confirm a record, and no retry duplicates or reorders it`
  return [finding('settings', SUBJECT, 'ok', message, { facts })]
}

function adviceFor(settings: JudgedSettings): Advice[] {
  const { acks, enableIdempotence, maxInFlightRequestsPerConnection, retries } = settings
  const found: Advice[] = []
  if (acks === 0)
    found.push({
      message: 'acks=0: no broker confirms a record, so a lost record goes unnoticed',
      setting: 'acks',
      advice: 'leave it out, or set it to all',
    })
  if (acks === 1)
    found.push({
      message: 'acks=1: a record is lost if its leader fails before another broker has it',
      setting: 'acks',
      advice: 'leave it out, or set it to all',
    })
  if (!enableIdempotence)
    found.push({
      message:
        maxInFlightRequestsPerConnection > 1 && retries > 0
          ? 'enable.idempotence=false: a retry can write a record twice, or behind a later one'
          : 'enable.idempotence=false: a retry can write a record twice',
      setting: 'enable.idempotence',
      advice: 'leave it out, together with acks, retries and max.in.flight.requests.per.connection',
    })
  return found
}
