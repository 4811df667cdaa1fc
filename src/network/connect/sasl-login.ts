import { AuthenticationError } from '../../errors.js'
import type { SaslContext, SaslConversation, SaslMechanism } from '../sasl/mechanism.js'
import type { Stalls } from '../stalls.js'
import { loginNotStarted } from './sasl-errors.js'

export interface LoginStart {
  readonly mechanism: SaslMechanism
  readonly context: Omit<SaslContext, 'signal'>
  readonly stalls: Stalls
  /** Milliseconds that the mechanism has to get its credentials, unless it asks for more. */
  readonly timeoutMs: number
  /** The broker's name in errors. */
  readonly broker: string
  /** Ends the wait when the login is not wanted any more. */
  readonly signal: AbortSignal
}

/**
 * Begins a login: the mechanism gets its credentials, perhaps from a function of the user's. That has a time
 * of its own and happens before a socket is opened, so a slow token server does not use up the time of a
 * connection.
 *
 * @throws AuthenticationError, which is retriable if the function failed and final if it gave nonsense
 */
export async function startLogin(start: LoginStart): Promise<SaslConversation> {
  const { mechanism, context, stalls, broker, signal } = start
  // A mechanism of a user may have anything here, also NaN.
  const timeoutMs = Math.max(start.timeoutMs, mechanism.startTimeoutMs || 0)
  const controller = new AbortController()
  let endWait: (error: Error) => void = () => undefined
  const interrupted = new Promise<never>((_resolve, reject) => {
    endWait = reject
  })
  const giveUp = (): void => {
    controller.abort()
    endWait(new Error('the login was given up'))
  }
  let deadline = stalls.setDeadline(timeoutMs, () => {
    const tooLate = `no credentials came within ${Math.round(timeoutMs)} ms`
    controller.abort(new DOMException(tooLate, 'TimeoutError'))
    // A mechanism may have older credentials, and gets a turn to give them.
    deadline = stalls.setDeadline(0, () => endWait(new Error(tooLate)))
  })
  signal.addEventListener('abort', giveUp, { once: true })
  if (signal.aborted) giveUp()
  try {
    const started = Promise.resolve().then(() => mechanism.start({ ...context, signal: controller.signal }))
    // The result of a late call is dropped, whatever it is.
    started.catch(() => undefined)
    const conversation = await Promise.race([started, interrupted])
    if (typeof conversation?.next !== 'function')
      throw new AuthenticationError(`the mechanism ${mechanism.name} started no login: next is no function`)
    return conversation
  } catch (error) {
    throw loginNotStarted(broker, mechanism.name, error)
  } finally {
    deadline.cancel()
    signal.removeEventListener('abort', giveUp)
  }
}
