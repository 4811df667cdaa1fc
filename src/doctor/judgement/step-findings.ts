import type { TlsSession } from '../../environment/socket.js'
import type { KafkaError } from '../../errors.js'
import { MISROUTED } from '../../network/connect/connect-errors.js'
import type { StepName } from '../../network/connect/connection-step.js'
import { type CheckName, checks } from '../checks.js'
import { type Facts, type Finding, type Fix, finding, skipped, type Verdict } from '../finding.js'
import type { AddressWalk, StepOutcome } from '../walk/walk-address.js'
import { kafkaRelease } from './kafka-release.js'
import { stepFixes } from './step-fixes.js'

/** The check that each step of a connection makes. */
export const checkOf: Readonly<Record<StepName, CheckName>> = {
  credentials: 'sasl-login',
  'TCP connect': 'tcp',
  TLS: 'tls',
  ApiVersions: 'versions',
  SaslHandshake: 'sasl-mechanism',
  SaslAuthenticate: 'sasl-login',
}

/** The steps by which an error may begin. Under TLS 1.3 the next step hears of a refused certificate. */
const stepPrefix = new RegExp(`^(${Object.keys(checkOf).join('|')}): `)
const MS_PER_DAY = 86_400_000
/** A certificate that ends sooner should be renewed now. */
const SOON_DAYS = 30

/** What else is known about a walk. */
export interface WalkFacts {
  readonly subject: string
  /** All steps of the walk, also those that were not made. */
  readonly steps: readonly StepName[]
  /** The result of a trial with the other kind of connection; null if there was none. */
  readonly otherKind: 'speaks TLS' | 'speaks plaintext' | null
  readonly mechanism: string | null
  /** Milliseconds since 1970. */
  readonly wallTimeMs: number
}

/** A finding for every step of a connection. */
export function stepFindings(walk: AddressWalk, facts: WalkFacts): Finding[] {
  const made = walk.outcomes.map((outcome) => stepFinding(outcome, walk, facts))
  const failed = made.at(-1)
  if (failed?.verdict !== 'wrong') return made
  const left = [...new Set(facts.steps.slice(walk.outcomes.length).map((step) => checkOf[step]))]
  const because = `${checks[failed.check].title} failed at ${walk.address}`
  return [...made, ...skipped(left, facts.subject, because)]
}

function stepFinding(outcome: StepOutcome, walk: AddressWalk, facts: WalkFacts): Finding {
  const { step, error, elapsedMs } = outcome
  if (error !== null) return failure(step, error, walk, facts)
  const { message, details = {}, verdict = 'ok' } = success(step, elapsedMs, walk, facts)
  return finding(checkOf[step], facts.subject, verdict, message, {
    ...(verdict === 'warning' && step === 'TLS' && { fixes: [renewal] }),
    facts: { address: walk.address, elapsedMs, ...details },
  })
}

const renewal: Fix = {
  where: 'broker',
  setting: 'ssl.keystore.location',
  advice: 'renew the certificate before it expires',
}

interface Success {
  readonly message: string
  readonly verdict?: Verdict
  readonly details?: Facts
}

function success(
  step: StepName,
  elapsedMs: number,
  { address, setUp }: AddressWalk,
  facts: WalkFacts,
): Success {
  switch (step) {
    case 'TCP connect':
      return { message: `${address} answers after ${elapsedMs} ms` }
    case 'TLS':
      return tlsSuccess(setUp.tlsSession, facts.wallTimeMs)
    case 'ApiVersions': {
      const release = kafkaRelease(setUp.versions?.ranges ?? new Map())
      return {
        message: `a broker with the requests of Kafka ${release}`,
        details: { release, apis: setUp.versions?.ranges.size ?? 0 },
      }
    }
    case 'SaslHandshake': {
      const offered = [...(setUp.mechanisms ?? [])].sort()
      return {
        message: `${facts.mechanism}; the broker offers ${offered.join(', ')}`,
        details: { mechanism: facts.mechanism, offered },
      }
    }
    case 'SaslAuthenticate':
    case 'credentials': {
      const lifetimeMs = Number(setUp.sessionLifetimeMs)
      const until = lifetimeMs > 0 ? `, for ${Math.round(lifetimeMs / 1_000)} s at a time` : ''
      return {
        message: `logged in with ${facts.mechanism}${until}`,
        details: { mechanism: facts.mechanism, sessionLifetimeMs: lifetimeMs },
      }
    }
  }
}

function tlsSuccess(session: TlsSession | undefined, wallTimeMs: number): Success {
  const { protocol = '', cipher = '', peer = null } = session ?? {}
  const kind = `${protocol} with ${cipher}`
  if (peer === null)
    return { message: `${kind}; the broker shows no certificate`, details: { protocol, cipher } }
  const daysLeft = Math.floor((Date.parse(peer.validTo) - wallTimeMs) / MS_PER_DAY)
  const until = new Date(Date.parse(peer.validTo)).toISOString().slice(0, 10)
  const left = daysLeft < 0 ? `it expired on ${until}` : `${daysLeft} days are left until ${until}`
  return {
    message: `${kind}; certificate ${peer.subject} of ${peer.issuer} for ${peer.names}; ${left}`,
    verdict: daysLeft < SOON_DAYS ? 'warning' : 'ok',
    details: {
      protocol,
      cipher,
      subject: peer.subject,
      issuer: peer.issuer,
      names: peer.names,
      validFrom: new Date(Date.parse(peer.validFrom)).toISOString(),
      validTo: new Date(Date.parse(peer.validTo)).toISOString(),
      daysLeft,
      localTime: new Date(wallTimeMs).toISOString(),
    },
  }
}

function failure(step: StepName, error: KafkaError, { address }: AddressWalk, facts: WalkFacts): Finding {
  const [prefix, named] = stepPrefix.exec(error.message) ?? ['']
  const blamed = (named as StepName | undefined) ?? step
  const said = error.message.slice(prefix.length)
  const text = error.code === MISROUTED ? `another broker answers there: ${said}` : said
  const other = otherKinds[facts.otherKind ?? 'none']
  return finding(checkOf[blamed], facts.subject, 'wrong', `${address}: ${other?.message ?? text}`, {
    fixes: other?.fixes ?? stepFixes(blamed, error),
    facts: { address, code: error.code },
  })
}

const otherKinds: Readonly<
  Record<'speaks TLS' | 'speaks plaintext' | 'none', { message: string; fixes: readonly Fix[] } | null>
> = {
  none: null,
  'speaks TLS': {
    message: 'the port speaks TLS, and the client is set to plaintext',
    fixes: stepFixes('ApiVersions', { code: 'TLS_REQUIRED' }),
  },
  'speaks plaintext': {
    message: 'the port speaks Kafka in plaintext, and the client is set to TLS',
    fixes: [
      {
        where: 'client',
        setting: 'security.protocol',
        advice:
          'use the port of the listener with TLS; or set it to PLAINTEXT or SASL_PLAINTEXT, which everybody on the way can read',
      },
    ],
  },
}
