import type { SocketAddress } from '../../environment/socket.js'
import { type KafkaError, NetworkError } from '../../errors.js'
import { describeSystemError, formatAddress, isAddress } from '../../network/address.js'
import type { ConnectTarget, ExpectedBroker, StepName } from '../../network/connect/connection-step.js'
import { NOTHING_LEARNED, setUpSteps, VERSION_AFTER_DROP } from '../../network/connect/set-up-steps.js'
import { type Finding, type Fix, finding, skipped } from '../finding.js'
import { checkOf, stepFindings, type WalkFacts } from '../judgement/step-findings.js'
import type { OpenRoute } from '../walk/ask.js'
import { speaksPlaintext, speaksTls } from '../walk/probe.js'
import { type AddressRoute, type AddressWalk, walkAddress } from '../walk/walk-address.js'
import type { WalkContext } from '../walk/walk-context.js'

/** A server, as the user or the cluster named it. */
export interface ServerToWalk {
  readonly subject: string
  readonly target: ConnectTarget
  readonly expected: ExpectedBroker | null
}

/** What was found on the way to a server. */
export interface ServerWalk {
  readonly findings: readonly Finding[]
  /** The first address at which everything succeeded; null if there is none. */
  readonly open: OpenRoute | null
}

const checkTheName: readonly Fix[] = [
  { where: 'client', setting: 'bootstrap.servers', advice: 'check the spelling of the host' },
  { where: 'network', setting: null, advice: 'check the name servers of this machine, and its hosts file' },
]

/** Walks to all addresses of a server at the same time. Never rejects. */
export async function walkServer(context: WalkContext, server: ServerToWalk): Promise<ServerWalk> {
  const { subject, target, expected } = server
  const security = { tls: context.options.tls, sasl: context.sasl }
  const steps = setUpSteps(NOTHING_LEARNED, expected, security).map(({ name }) => name)
  const found = await addressesOf(context, target)
  if (!Array.isArray(found)) return unresolved(server, steps, found)
  const walks = await Promise.all(
    found.map(async (address) => {
      const route: AddressRoute = { target, address, expected, security }
      const walk = await walkAsProducer(context, route)
      const facts: WalkFacts = {
        subject,
        steps,
        otherKind: await otherKind(context, route, walk),
        mechanism: context.sasl?.name ?? null,
        wallTimeMs: context.environment.clock.wallTime(),
      }
      return { route, walk, findings: stepFindings(walk, facts), isOpen: isOpen(walk) }
    }),
  )
  const addresses = found.map(({ address }) => address)
  const named = finding('name', subject, 'ok', nameInWords(target.host, addresses), {
    facts: { host: target.host, addresses },
  })
  const [first] = walks.filter((walk) => walk.isOpen)
  return {
    findings: [
      named,
      ...walks.flatMap(({ findings, isOpen: isGood }) =>
        first === undefined || isGood ? findings : findings.flatMap(notTheOnlyAddress),
      ),
    ],
    open: first === undefined ? null : { subject, route: first.route, walk: first.walk },
  }
}

/** Walks again in another version of ApiVersions if the broker drops the connection, as a producer does. */
async function walkAsProducer(context: WalkContext, route: AddressRoute): Promise<AddressWalk> {
  for (let learned = NOTHING_LEARNED; ; ) {
    const walk = await walkAddress(context, route, learned)
    const { step, error, elapsedMs = 0 } = walk.outcomes.at(-1) ?? {}
    const next = VERSION_AFTER_DROP.get(learned.apiVersionsAtMost)
    // A port that keeps silent takes the time of a whole step, and does so in any version.
    const isDropped =
      step === 'ApiVersions' && error?.code === 'NETWORK' && elapsedMs < context.limits.stepMs / 2
    if (!isDropped || next === undefined || context.overdue !== null) return walk
    learned = { apiVersionsAtMost: next }
  }
}

function nameInWords(host: string, addresses: readonly string[]): string {
  return addresses.includes(host) ? `${host} is an address` : `${host} is ${addresses.join(' and ')}`
}

/** A failure at one address is no more than a delay if the client gets through at another. */
function notTheOnlyAddress(found: Finding): Finding[] {
  if (found.verdict === 'skipped') return []
  if (found.verdict !== 'wrong') return [found]
  return [
    {
      ...found,
      verdict: 'warning',
      explanation: [...found.explanation, 'The client goes on to the next address of the name.'],
    },
  ]
}

/** The addresses of the host, or the reason why there are none. */
async function addressesOf(
  context: WalkContext,
  { host, port }: ConnectTarget,
): Promise<SocketAddress[] | string> {
  if (!isAddress(host, port)) return `${formatAddress(host, port)} is no address`
  try {
    const found = await context.inTime(context.environment.lookup(host), 'no name server answered')
    if (found.length === 0) return 'the name has no address'
    return found.map(({ address, family }) => ({ address, family, port }))
  } catch (error) {
    return error instanceof NetworkError ? error.message : describeSystemError(error)
  }
}

function unresolved(server: ServerToWalk, steps: readonly StepName[], reason: string): ServerWalk {
  const { subject, target } = server
  const left = [...new Set(steps.map((step) => checkOf[step]))]
  const named = target.host === '' ? 'an empty host' : target.host
  return {
    findings: [
      finding('name', subject, 'wrong', `${named}: ${reason}`, {
        fixes: checkTheName,
        facts: { host: target.host },
      }),
      ...skipped(left, subject, `${named} has no address`),
    ],
    open: null,
  }
}

function isOpen({ outcomes }: AddressWalk): boolean {
  return outcomes.every(({ error }) => error === null)
}

/** Tries the other kind of connection if a port does not answer this one. */
async function otherKind(
  context: WalkContext,
  route: AddressRoute,
  { outcomes }: AddressWalk,
): Promise<WalkFacts['otherKind']> {
  const { step, error } = outcomes.at(-1) ?? {}
  if (error === null || error === undefined) return null
  if (step === 'ApiVersions' && route.security.tls === null) {
    if (error.code === 'TLS_REQUIRED') return 'speaks TLS'
    return mayBeOther(error) && (await speaksTls(context, route)) ? 'speaks TLS' : null
  }
  if (step !== 'TLS' || !mayBeOther(error)) return null
  return (await speaksPlaintext(context, route)) ? 'speaks plaintext' : null
}

/** Whether the failure is one of bytes or silence, and not a refusal that explains itself. */
function mayBeOther({ code }: KafkaError): boolean {
  return code === 'NETWORK' || code === 'PROTOCOL'
}
