import { types } from 'node:util'
import {
  AuthenticationError,
  type ConfigError,
  type KafkaError,
  NetworkError,
  ProtocolError,
} from '../../errors.js'
import { describeSystemError, formatAddress } from '../address.js'
import type { ConnectTarget, ExpectedBroker, StepName } from './connection-step.js'

/** The code of the error for a connection that reached another broker than the expected one. */
export const MISROUTED = 'REBOOTSTRAP_REQUIRED'

/** The broker that answered is not the expected one (KIP-1242). */
export function misrouted({ nodeId, clusterId }: ExpectedBroker, broker: string): NetworkError {
  const message = `the broker is not node ${nodeId} of cluster ${clusterId} (${MISROUTED})`
  return new NetworkError(message, { code: MISROUTED, broker })
}

/** The broker ends each connection at the first request after the set-up. */
export function maybeSasl(error: KafkaError): NetworkError {
  const message = `${error.message}. It closes each connection at the first request after ApiVersions: the listener may require SASL. Set security.protocol to SASL_SSL or SASL_PLAINTEXT, or use a port without SASL`
  return new NetworkError(message, { broker: error.broker, cause: error })
}

/** An address, and why the attempt to connect to it failed. */
export interface AddressFailure {
  /** `address:port` */
  readonly address: string
  /** The set-up step that failed. */
  readonly step: StepName
  readonly error: KafkaError
}

/** The broker's name could not be resolved. */
export function nameNotResolved(target: ConnectTarget, cause: unknown): NetworkError {
  const what = `cannot connect to broker ${target.broker}: ${target.host}: ${describeSystemError(cause)}`
  return new NetworkError(`${what}${advertisedHint(target)}`, { broker: target.broker, cause })
}

/** The cluster advertises an address at which no server can listen. */
export function noAddress(target: ConnectTarget): NetworkError {
  return new NetworkError(
    `cannot connect to broker ${target.broker}: that is no address${advertisedHint(target)}`,
    {
      broker: target.broker,
    },
  )
}

/** The user's function gave TLS options that cannot be used, and never any that could. */
export function settingsRefused(broker: string, { message }: ConfigError): AuthenticationError {
  return new AuthenticationError(message, { broker, code: 'TLS_SETTINGS' })
}

/** The user's function gave no TLS options, or no usable ones now. The next attempt asks it again. */
export function settingsUnavailable(broker: string, cause: unknown): NetworkError {
  const why = types.isNativeError(cause) ? cause.message : String(cause)
  return new NetworkError(`the function tls gave no usable options: ${why}`, { broker })
}

/**
 * Every address failed. The error names each with its reason, and takes the class of the least retriable
 * failure.
 */
export function allAddressesFailed(
  target: ConnectTarget,
  failures: readonly AddressFailure[],
  isEncrypted: boolean,
): KafkaError {
  const { broker } = target
  const list = failures.map(({ address, error }) => `${address}: ${error.message}`).join('; ')
  const message = `cannot connect to broker ${broker}: ${list === '' ? `${target.host} has no address` : list}${hint(target, failures, isEncrypted)}`
  const errors = failures.map(({ error }) => error)
  const cause = errors.at(-1)
  const details = { broker, ...(cause !== undefined && { cause }) }
  const refused = errors.find((error) => error instanceof AuthenticationError)
  if (refused !== undefined) {
    const { code, retriable, fatal } = refused
    return new AuthenticationError(message, { ...details, code, retriable, fatal })
  }
  const nonsense = errors.find((error) => error instanceof ProtocolError)
  if (nonsense !== undefined) return new ProtocolError(message, { ...details, code: nonsense.code })
  const elsewhere = errors.find(({ code }) => code === MISROUTED)
  return new NetworkError(message, { ...details, ...(elsewhere !== undefined && { code: MISROUTED }) })
}

function hint(target: ConnectTarget, failures: readonly AddressFailure[], isEncrypted: boolean): string {
  if (failures.some(({ error }) => error.code === MISROUTED)) return misroutedHint(target)
  const isNetwork = ({ error }: AddressFailure): boolean => error instanceof NetworkError
  if (failures.every((failure) => failure.step === 'TCP connect' && isNetwork(failure)))
    return advertisedHint(target)
  if (failures.some((failure) => failure.step === 'ApiVersions' && isNetwork(failure)))
    return isEncrypted
      ? '. A listener that expects a certificate of the client may end a connection like this: check ssl.keystore.location'
      : '. A listener that expects TLS does not answer a plain connection: check security.protocol'
  return ''
}

function misroutedHint({ host, port, nodeId }: ConnectTarget): string {
  const address = formatAddress(host, port)
  return `. The cluster advertises ${address} as the address of node ${nodeId}: check advertised.listeners of the brokers. If several brokers share one address, set metadataClusterCheckEnable to false`
}

function advertisedHint(target: ConnectTarget): string {
  if (!target.advertised) return ''
  const address = formatAddress(target.host, target.port)
  return `. The cluster itself names ${address} as this broker's address: check advertised.listeners of the broker, which must be reachable from this machine`
}
