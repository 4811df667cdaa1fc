import { types } from 'node:util'
import { AuthenticationError, KafkaError, NetworkError, ProtocolError } from '../../errors.js'
import { describeSystemError } from '../address.js'
import { closedWhileIdle } from '../connection/connection-errors.js'
import type { Stalls } from '../stalls.js'
import type { ConnectionStep, SetUp, StepName } from './connection-step.js'

/** A failed step, and its error. */
export class SetUpFailure {
  readonly step: StepName
  readonly error: KafkaError

  constructor(step: StepName, error: KafkaError) {
    this.step = step
    this.error = error
  }
}

/**
 * Runs the steps one after another, within `timeoutMs` for all of them. Null if the connection is ready for
 * use. Otherwise the connection is closed. Never rejects.
 */
export async function setUpConnection(
  setUp: SetUp,
  steps: readonly ConnectionStep[],
  timeoutMs: number,
  stalls: Stalls,
): Promise<SetUpFailure | null> {
  const {
    connection,
    target: { broker },
  } = setUp
  let giveUp: (reason: KafkaError) => void = () => {}
  const tooLate = new Promise<never>((_, reject) => {
    giveUp = reject
  })
  const ended = connection.ended.then(() => {
    throw connection.closedBy ?? closedWhileIdle(broker)
  })
  // Nobody listens behind the last step.
  ended.catch(() => undefined)
  const deadline = stalls.setDeadline(timeoutMs, () => {
    const reason = new NetworkError(`not done within ${Math.round(timeoutMs)} ms`, { broker })
    connection.close(reason)
    giveUp(reason)
  })
  try {
    for (const { name, run } of steps) {
      setUp.step = name
      // A step may wait for the user's code, which does not hear that the connection was closed.
      await Promise.race([run(setUp), tooLate, ended])
    }
    return connection.closedBy === undefined ? null : new SetUpFailure(setUp.step, connection.closedBy)
  } catch (error) {
    // The reason for which the connection was closed says more than that the step's request got no response.
    const reason = inStep(setUp.step, connection.closedBy ?? error, broker)
    connection.close(reason)
    return new SetUpFailure(setUp.step, reason)
  } finally {
    deadline.cancel()
  }
}

/** An error of the same class, so that it stays retriable or not, with the step in front. */
export function inStep(step: StepName, cause: unknown, broker: string): KafkaError {
  const message = `${blamed(step, cause)}: ${describeFailure(cause)}`
  if (!(cause instanceof KafkaError)) return new NetworkError(message, { broker, cause })
  const details = { code: cause.code, retriable: cause.retriable, fatal: cause.fatal, broker, cause }
  if (cause instanceof AuthenticationError) return new AuthenticationError(message, details)
  if (cause instanceof ProtocolError) return new ProtocolError(message, details)
  if (cause instanceof NetworkError) return new NetworkError(message, { code: cause.code, broker, cause })
  return new NetworkError(message, { broker, cause })
}

/**
 * The step in which a failure had its reason. Under TLS 1.3 a broker refuses the client's certificate after
 * the handshake, so the next step hears of it.
 */
function blamed(step: StepName, cause: unknown): StepName {
  return cause instanceof AuthenticationError && cause.code === 'TLS_CLIENT_CERTIFICATE' ? 'TLS' : step
}

/**
 * The text of a failure. For a lost connection the system's error is enough, because the broker and its
 * address stand before it.
 */
function describeFailure(cause: unknown): string {
  if (!types.isNativeError(cause)) return String(cause)
  const fromSystem =
    cause instanceof NetworkError && types.isNativeError(cause.cause) ? cause.cause : undefined
  if (fromSystem === undefined || fromSystem instanceof KafkaError) return cause.message
  return describeSystemError(fromSystem)
}
