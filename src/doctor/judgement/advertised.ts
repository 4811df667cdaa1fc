import { formatAddress } from '../../network/address.js'
import { MISROUTED } from '../../network/connect/connect-errors.js'
import type { CheckName } from '../checks.js'
import { type Finding, type Fix, finding } from '../finding.js'
import { type HostKind, hostKind, hostKindInWords } from './host-kind.js'

/** The address that a cluster advertises for a broker, and the way on which the client was told. */
export interface Advertised {
  readonly nodeId: number
  readonly host: string
  readonly port: number
  /** The bootstrap server that answered, and the address to which its name led. */
  readonly reached: { readonly host: string; readonly port: number; readonly address: string }
  readonly brokerCount: number
  readonly securityProtocol: string
  /** The broker's `advertised.listeners`; null if it may not be seen. */
  readonly listeners: string | null
}

/** The server in the findings about a broker. */
export function advertisedSubject({ nodeId, host, port }: Advertised): string {
  return `broker ${nodeId}, advertised as ${formatAddress(host, port)}`
}

/** Judges the address by its looks, before anything is sent there. */
export function advertisedAddressFinding(advertised: Advertised): Finding {
  const { nodeId, host, port, reached } = advertised
  const address = formatAddress(host, port)
  const kind = hostKind(host)
  const subject = advertisedSubject(advertised)
  const check: CheckName = 'advertised-address'
  const facts = { nodeId, host, port }
  const isFromAfar = ![reached.host, reached.address].some((name) => hostKind(name) === 'this-machine')
  if (kind === 'every-address' || port <= 0 || host === '') {
    return finding(check, subject, 'wrong', `broker ${nodeId} advertises ${address}, which is no address`, {
      ...advice(advertised),
      facts,
    })
  }
  if (kind === 'this-machine' && isFromAfar) {
    return finding(
      check,
      subject,
      'wrong',
      `broker ${nodeId} advertises ${address}, and the client seems to be on another machine`,
      { ...advice(advertised), facts },
    )
  }
  return finding(check, subject, 'ok', `clients are told to connect to ${address}`, { facts })
}

/**
 * The same finding for an address that looks wrong, and at which this client gets through all the same. Some
 * systems connect to 0.0.0.0 as if it were their own address, and that makes it no better.
 */
export function butUsable(found: Finding, { host }: Advertised): Finding {
  if (found.verdict !== 'wrong' || hostKind(host) !== 'this-machine') return found
  const explanation = ['This client gets through. A client on another machine does not.']
  return { ...found, verdict: 'warning', explanation }
}

/** The same finding with what it means that this is the address that clients are told to use. */
export function atAdvertisedAddress(found: Finding, advertised: Advertised): Finding {
  if (found.verdict !== 'wrong') return found
  const { code } = found.facts
  const isOtherCluster = found.check === 'same-cluster' && 'clusterId' in found.facts
  const { explanation, fixes } = advice(advertised, code === MISROUTED || isOtherCluster)
  if (found.check === 'name' || found.check === 'tcp')
    return { ...found, explanation: [...explanation, ...found.explanation], fixes }
  // The client does not choose this address.
  const own = found.fixes.filter(({ setting }) => setting !== 'bootstrap.servers')
  const isOfAnyAddress = notOfTheAddress.has(String(code))
  return {
    ...found,
    explanation: [told(advertised), ...found.explanation],
    fixes: isOfAnyAddress ? own : [...own, fixes[0]],
  }
}

/**
 * The same finding about an address that looks wrong. The advice stands at the finding about the address
 * already, and the client did not write the address.
 */
export function followingFromAddress(found: Finding): Finding {
  if (found.verdict !== 'wrong') return found
  const { code } = found.facts
  const fixes = found.fixes.filter(({ setting }) => setting !== 'bootstrap.servers')
  if (notOfTheAddress.has(String(code))) return { ...found, fixes }
  return {
    ...found,
    explanation: [...found.explanation, 'This follows from the address.'],
    fixes: found.check === 'name' || found.check === 'tcp' ? [] : fixes,
  }
}

/** Failures that another address of the same broker would not help. */
const notOfTheAddress: ReadonlySet<string> = new Set([
  'TLS_AUTHORITY_UNKNOWN',
  'TLS_CERTIFICATE_EXPIRED',
  'TLS_CERTIFICATE_INVALID',
  'TLS_CLIENT_CERTIFICATE',
  'TLS_NOT_NEGOTIATED',
  'SASL_AUTHENTICATION_FAILED',
])

function told({ nodeId, host, port, reached }: Advertised): string {
  const address = formatAddress(host, port)
  return `You reached the cluster at ${formatAddress(reached.host, reached.port)}, and it tells every client to connect to broker ${nodeId} at ${address}. Records go there.`
}

/** @param isOccupied whether a server that is not this broker answers at the address */
function advice(
  advertised: Advertised,
  isOccupied = false,
): { explanation: string[]; fixes: [Fix, ...Fix[]] } {
  const { nodeId, host, port, reached } = advertised
  const kind = hostKind(host)
  const about = hostKindInWords[kind]?.(host)
  const ports = `The port differs from the one that you used. A port mapping (docker -p, kubectl port-forward) must keep the number: map ${port} to ${port}, or advertise ${reached.port}.`
  const explanation = [
    told(advertised),
    ...(isSamePlace(advertised) && port !== reached.port ? [ports] : about === undefined ? [] : [about]),
  ]
  const set: Fix = {
    where: 'broker',
    setting: 'advertised.listeners',
    advice:
      advertised.listeners === null
        ? `set it on broker ${nodeId}, keep its other listeners and the name of this one, and restart that broker`
        : `set it on broker ${nodeId}, and restart that broker`,
    lines: [`advertised.listeners=${suggested(advertised, isOccupied)}`],
  }
  return { explanation, fixes: [set, ...placeFixes[kind](advertised)] }
}

/** Whether the advertised host is the one that the client reached. A loopback address has several names. */
function isSamePlace({ host, reached }: Advertised): boolean {
  const known = [reached.host, reached.address]
  if (known.some((name) => name.toLowerCase() === host.toLowerCase())) return true
  return hostKind(host) === 'this-machine' && known.some((name) => hostKind(name) === 'this-machine')
}

/** The value that would let this client in: the present one with another address in the client's listener. */
function suggested(advertised: Advertised, isOccupied: boolean): string {
  const { host, port, listeners, securityProtocol } = advertised
  const address = better(advertised, isOccupied)
  const entries = (listeners ?? '').split(',').map((entry) => entry.trim())
  const isThis = (entry: string): boolean => entry.endsWith(`://${formatAddress(host, port)}`)
  if (!entries.some(isThis)) return `${securityProtocol}://${address}`
  return entries
    .map((entry) => (isThis(entry) ? entry.replace(/:\/\/.*$/, `://${address}`) : entry))
    .join(',')
}

/** The address that the broker should advertise: with one broker, the one that has just worked. */
function better({ reached, brokerCount, nodeId, port }: Advertised, isOccupied: boolean): string {
  if (brokerCount === 1) return formatAddress(reached.host, reached.port)
  return isOccupied ? `<host>:<port of broker ${nodeId}>` : `<reachable name of broker ${nodeId}>:${port}`
}

const none = (): Fix[] => []

const inDocker = (advertised: Advertised): Fix[] => {
  const { host, reached, brokerCount, securityProtocol } = advertised
  const kept =
    securityProtocol === 'PLAINTEXT'
      ? ''
      : ', with the ssl.* and sasl.* settings of the listener that you have'
  const outside = brokerCount === 1 ? formatAddress(reached.host, reached.port) : 'localhost:<mapped port>'
  const port = brokerCount === 1 ? reached.port : '<mapped port>'
  return [
    {
      where: 'broker',
      setting: 'advertised.listeners',
      advice: `with Docker, give the clients outside a listener of their own${kept} (environment of the image apache/kafka)`,
      lines: [
        `KAFKA_LISTENERS=CONTROLLER://:9093,INTERNAL://:29092,EXTERNAL://:${port}`,
        `KAFKA_ADVERTISED_LISTENERS=INTERNAL://${host}:29092,EXTERNAL://${outside}`,
        `KAFKA_LISTENER_SECURITY_PROTOCOL_MAP=CONTROLLER:PLAINTEXT,INTERNAL:PLAINTEXT,EXTERNAL:${securityProtocol}`,
        'KAFKA_INTER_BROKER_LISTENER_NAME=INTERNAL',
        'KAFKA_CONTROLLER_LISTENER_NAMES=CONTROLLER',
      ],
    },
    {
      where: 'network',
      setting: null,
      advice: `or run the client where ${host} is known: in a container of the same network`,
    },
  ]
}

const inNetwork = ({ host }: Advertised): Fix[] => [
  { where: 'network', setting: null, advice: `or run the client in the network of ${host} (VPN, peering)` },
]

const placeFixes: Readonly<Record<HostKind, (advertised: Advertised) => Fix[]>> = {
  'this-machine': none,
  'every-address': none,
  private: inNetwork,
  kubernetes: () => [
    {
      where: 'broker',
      setting: 'advertised.listeners',
      advice:
        'clients outside of Kubernetes need a listener of their own: with Strimzi, one of type nodeport, loadbalancer or ingress in spec.kafka.listeners',
    },
    { where: 'network', setting: null, advice: 'or run the client in a pod of that cluster' },
  ],
  'docker-host': inDocker,
  cloud: inNetwork,
  'container-id': inDocker,
  short: inDocker,
  public: none,
}
