import { formatAddress, withoutBrackets } from '../../network/address.js'
import { Metadata, type MetadataBroker } from '../../protocol/metadata.js'
import { type Finding, finding, skipped } from '../finding.js'
import {
  type Advertised,
  advertisedAddressFinding,
  advertisedSubject,
  atAdvertisedAddress,
  butUsable,
  followingFromAddress,
} from '../judgement/advertised.js'
import { ask, type OpenRoute } from '../walk/ask.js'
import type { WalkContext } from '../walk/walk-context.js'
import { type DescribedCluster, metadataRequest } from './examine-cluster.js'
import { walkServer } from './walk-server.js'

/** What was found about one broker at its advertised address. */
export interface ExaminedBroker {
  readonly nodeId: number
  readonly findings: readonly Finding[]
  readonly isUsable: boolean
}

/** Walks to the advertised address of every broker, at the same time. */
export async function examineBrokers(
  context: WalkContext,
  cluster: DescribedCluster,
  securityProtocol: string,
): Promise<ExaminedBroker[]> {
  return Promise.all(
    cluster.brokers.map((broker) => examineBroker(context, cluster, broker, securityProtocol)),
  )
}

async function examineBroker(
  context: WalkContext,
  cluster: DescribedCluster,
  { nodeId, host: given, port }: MetadataBroker,
  securityProtocol: string,
): Promise<ExaminedBroker> {
  const host = withoutBrackets(given)
  const { entry, clusterId, brokers, brokerSettings } = cluster
  const listeners = brokerSettings.get('advertised.listeners') ?? null
  const advertised: Advertised = {
    nodeId,
    host,
    port,
    reached: { ...entry.route.target, address: entry.route.address.address },
    brokerCount: brokers.length,
    securityProtocol,
    // The settings are those of one broker. Another one has other addresses in its listeners.
    listeners: listeners?.includes(`://${formatAddress(host, port)}`) ? listeners : null,
  }
  const looks = advertisedAddressFinding(advertised)
  const subject = advertisedSubject(advertised)
  const checksIds = clusterId !== null && context.options.metadataClusterCheckEnable
  const { findings, open } = await walkServer(context, {
    subject,
    target: {
      host,
      port,
      broker: formatAddress(host, port),
      advertised: true,
      nodeId,
      clusterId,
    },
    expected: checksIds ? { clusterId, nodeId } : null,
  })
  if (open === null) {
    const same = skipped(['same-cluster'], subject, 'the broker cannot be used there')
    return { nodeId, findings: [looks, ...advised(findings, looks, advertised), ...same], isUsable: false }
  }
  const same = await sameCluster(context, open, clusterId)
  const isUsable = same.verdict === 'ok'
  const found = advised([...findings, same], looks, advertised)
  return { nodeId, findings: [isUsable ? butUsable(looks, advertised) : looks, ...found], isUsable }
}

/**
 * The findings with advice about the address. An address that looks wrong has the advice already, and what
 * fails there follows from it: the client never wrote that address.
 */
function advised(findings: readonly Finding[], looks: Finding, advertised: Advertised): readonly Finding[] {
  return findings.map((found) =>
    looks.verdict === 'wrong' ? followingFromAddress(found) : atAdvertisedAddress(found, advertised),
  )
}

async function sameCluster(
  context: WalkContext,
  open: OpenRoute,
  clusterId: string | null,
): Promise<Finding> {
  const check = 'same-cluster'
  try {
    const there = (await ask(context, open, Metadata, metadataRequest(null))).clusterId
    const facts = { clusterId: there }
    return there === clusterId
      ? finding(check, open.subject, 'ok', 'a broker of this cluster answers there', { facts })
      : finding(check, open.subject, 'wrong', `a broker of another cluster answers there: ${there}`, {
          facts,
        })
  } catch (error) {
    return finding(check, open.subject, 'wrong', error instanceof Error ? error.message : String(error))
  }
}
