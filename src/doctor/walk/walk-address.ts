import type { SocketAddress } from '../../environment/socket.js'
import type { KafkaError } from '../../errors.js'
import { formatAddress } from '../../network/address.js'
import { inStep, setUpConnection } from '../../network/connect/connection-setup.js'
import type {
  ConnectionStep,
  ConnectTarget,
  ExpectedBroker,
  SetUp,
  StepName,
} from '../../network/connect/connection-step.js'
import { MAX_SASL_BYTES } from '../../network/connect/sasl-exchange.js'
import { startLogin } from '../../network/connect/sasl-login.js'
import {
  type Learned,
  NOTHING_LEARNED,
  type SetUpSecurity,
  setUpSteps,
} from '../../network/connect/set-up-steps.js'
import { Connection } from '../../network/connection/connection.js'
import type { SaslConversation } from '../../network/sasl/mechanism.js'
import type { WalkContext } from './walk-context.js'

/** The end of one step at one address. */
export interface StepOutcome {
  readonly step: StepName
  /** Null if the step succeeded. */
  readonly error: KafkaError | null
  readonly elapsedMs: number
}

/** The steps of one connection, up to the first that failed. */
export interface AddressWalk {
  /** `address:port` */
  readonly address: string
  readonly outcomes: readonly StepOutcome[]
  readonly setUp: SetUp
}

/** The way to one address. */
export interface AddressRoute {
  readonly target: ConnectTarget
  readonly address: SocketAddress
  /** The broker that should answer; null for any. */
  readonly expected: ExpectedBroker | null
  readonly security: SetUpSecurity
}

/**
 * Makes the steps of a producer's connection, each within the time of a step, and notes how each ends. The
 * connection stays open if all of them succeed.
 */
export async function walkAddress(
  context: WalkContext,
  route: AddressRoute,
  learned: Learned = NOTHING_LEARNED,
): Promise<AddressWalk> {
  const { target, address, expected, security } = route
  const login = security.sasl === null ? null : await credentials(context, target)
  const setUp: SetUp = {
    connection: open(context, route),
    target,
    step: 'TCP connect',
    versions: undefined,
    throttleMs: 0,
    conversation: login instanceof Error ? null : login,
    sessionLifetimeMs: 0n,
  }
  const outcomes: StepOutcome[] = []
  for (const step of setUpSteps(learned, expected, security)) {
    const outcome =
      step.name === 'SaslAuthenticate' && login instanceof Error
        ? { step: step.name, error: login, elapsedMs: 0 }
        : await make(context, setUp, step)
    outcomes.push(outcome)
    if (outcome.error !== null) break
  }
  if (outcomes.every(({ error }) => error === null)) {
    setUp.connection.limitResponses(context.options.maxResponseBytes)
  } else {
    setUp.connection.close(null)
  }
  return { address: formatAddress(address.address, address.port), outcomes, setUp }
}

async function make(context: WalkContext, setUp: SetUp, step: ConnectionStep): Promise<StepOutcome> {
  const { overdue } = context
  if (overdue !== null) return { step: step.name, error: overdue, elapsedMs: 0 }
  const { clock } = context.environment
  const startedMs = clock.now()
  const failure = await setUpConnection(setUp, [step], context.stepTimeMs, context.stalls)
  return { step: step.name, error: failure?.error ?? null, elapsedMs: Math.round(clock.now() - startedMs) }
}

/** The start of a login, or the reason why there are no credentials. */
async function credentials(
  context: WalkContext,
  { host, port, broker }: ConnectTarget,
): Promise<SaslConversation | KafkaError | null> {
  const { sasl: mechanism, stalls, stepTimeMs: timeoutMs, ended: signal, options } = context
  if (mechanism === null) return null
  try {
    const { clientId, saslKerberosServiceName: serviceName } = options
    const login = { host, port, clientId, isRenewal: false, serviceName }
    return await startLogin({ mechanism, context: login, stalls, timeoutMs, broker, signal })
  } catch (error) {
    return inStep('credentials', error, broker)
  }
}

function open(context: WalkContext, { target, address }: AddressRoute): Connection {
  const { environment, stalls, options } = context
  const { clientId, requestTimeoutMs, maxResponseBytes } = options
  const nobody = { closed: ignore, slotFree: ignore, quiet: ignore }
  const connection = new Connection(
    {
      clock: environment.clock,
      openSocket: environment.openSocket,
      stalls,
      address,
      broker: target.broker,
      clientId,
      requestTimeoutMs,
      maxIdleMs: -1,
      maxResponseBytes,
    },
    nobody,
  )
  connection.limitResponses(MAX_SASL_BYTES)
  context.keep(connection)
  return connection
}

function ignore(): void {
  // The outcome of each step says it.
}
