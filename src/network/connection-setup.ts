import type { Clock } from '../environment/clock.js'
import { AuthenticationError, KafkaError, NetworkError, ProtocolError } from '../errors.js'
import { describeSystemError } from './address.js'
import type { BrokerVersions } from './broker-versions.js'
import type { Connection } from './connection.js'
import { setDeadline } from './deadline.js'

/** What the steps find out, for those after them and for the connection's owner. */
export interface SetUp {
  readonly connection: Connection
  /** How the broker is named in errors. */
  readonly broker: string
  /** The name of the step that is under way. */
  step: string
  versions: BrokerVersions | undefined
  /** The pause in milliseconds that the broker has asked for meanwhile; 0 if none. */
  throttleMs: number
}

/** One thing to be done before a connection can be used. Security is a step more in the list, not a branch in the others. */
export interface ConnectionStep {
  /** For errors: where the connection got stuck. */
  readonly name: string
  run(setUp: SetUp): Promise<void>
}

/** Waits until the socket is connected. */
export const tcpConnect: ConnectionStep = {
  name: 'TCP connect',
  run: ({ connection }) => connection.connected,
}

/** A step that failed, and the error that says so. */
export class SetUpFailure {
  readonly step: string
  readonly error: KafkaError

  constructor(step: string, error: KafkaError) {
    this.step = step
    this.error = error
  }
}

/**
 * Runs the steps one after another; all of them have `timeoutMs` together. Null once the connection is ready for use; otherwise
 * it is closed. Never rejects.
 */
export async function setUpConnection(
  setUp: SetUp,
  steps: readonly ConnectionStep[],
  timeoutMs: number,
  clock: Clock,
): Promise<SetUpFailure | null> {
  const { connection, broker } = setUp
  const deadline = setDeadline(clock, timeoutMs, () => {
    const message = `not done within ${Math.round(timeoutMs)} ms`
    connection.close(new NetworkError(message, { broker }))
  })
  try {
    for (const { name, run } of steps) {
      setUp.step = name
      await run(setUp)
    }
    return connection.closedBy === undefined ? null : new SetUpFailure(setUp.step, connection.closedBy)
  } catch (error) {
    // Why the connection was closed says more than that a request of the step was not answered.
    const reason = inStep(setUp.step, connection.closedBy ?? error, broker)
    connection.close(reason)
    return new SetUpFailure(setUp.step, reason)
  } finally {
    deadline.cancel()
  }
}

/** The same kind of error, so that it is known whether another attempt makes sense, with the step in front. */
function inStep(step: string, cause: unknown, broker: string): KafkaError {
  const message = `${step}: ${describeFailure(cause)}`
  if (!(cause instanceof KafkaError)) return new NetworkError(message, { broker, cause })
  const details = { code: cause.code, retriable: cause.retriable, fatal: cause.fatal, broker, cause }
  if (cause instanceof AuthenticationError) return new AuthenticationError(message, details)
  if (cause instanceof ProtocolError) return new ProtocolError(message, details)
  return new NetworkError(message, { broker, cause })
}

/** Of a lost connection what the system said is enough: the broker and its address stand before it. */
function describeFailure(cause: unknown): string {
  if (!(cause instanceof Error)) return String(cause)
  const fromSystem = cause instanceof NetworkError && cause.cause instanceof Error ? cause.cause : undefined
  if (fromSystem === undefined || fromSystem instanceof KafkaError) return cause.message
  return describeSystemError(fromSystem)
}
