import { AuthenticationError, type KafkaError, NetworkError, ProtocolError } from '../errors.js'
import { describeSystemError, formatAddress } from './address.js'

export interface ConnectTarget {
  readonly host: string
  readonly port: number
  /** How the broker is named in errors. */
  readonly broker: string
  /** Whether the address comes from a broker rather than from the user. */
  readonly advertised: boolean
}

/** One address that was tried in vain. */
export interface AddressFailure {
  /** `address:port` */
  readonly address: string
  /** The set-up step that failed. */
  readonly step: string
  readonly error: KafkaError
}

/** The name gave no address to try. */
export function nameNotResolved(target: ConnectTarget, cause: unknown): NetworkError {
  const what = `cannot connect to broker ${target.broker}: ${target.host}: ${describeSystemError(cause)}`
  return new NetworkError(`${what}${advertisedHint(target)}`, { broker: target.broker, cause })
}

/** Every address was tried; the error names each with its reason, and is of the kind that another attempt can cure the least. */
export function allAddressesFailed(target: ConnectTarget, failures: readonly AddressFailure[]): KafkaError {
  const { broker } = target
  const list = failures.map(({ address, error }) => `${address}: ${error.message}`).join('; ')
  const message = `cannot connect to broker ${broker}: ${list === '' ? `${target.host} has no address` : list}${hint(target, failures)}`
  const errors = failures.map(({ error }) => error)
  const cause = errors.at(-1)
  const details = { broker, ...(cause !== undefined && { cause }) }
  const refused = errors.find((error) => error instanceof AuthenticationError)
  if (refused !== undefined) return new AuthenticationError(message, { ...details, code: refused.code })
  const nonsense = errors.find((error) => error instanceof ProtocolError)
  if (nonsense !== undefined) return new ProtocolError(message, { ...details, code: nonsense.code })
  return new NetworkError(message, details)
}

function hint(target: ConnectTarget, failures: readonly AddressFailure[]): string {
  const isNetwork = ({ error }: AddressFailure): boolean => error instanceof NetworkError
  if (failures.every((failure) => failure.step === 'TCP connect' && isNetwork(failure)))
    return advertisedHint(target)
  if (failures.some((failure) => failure.step === 'ApiVersions' && isNetwork(failure)))
    return '. A listener that expects TLS or SASL does not answer a plain connection: check security.protocol'
  return ''
}

function advertisedHint(target: ConnectTarget): string {
  if (!target.advertised) return ''
  const address = formatAddress(target.host, target.port)
  return `. The cluster itself names ${address} as this broker's address: check advertised.listeners of the broker, which must be reachable from this machine`
}
