import type { ResolvedProducerConfig } from '../../config/config.js'
import { networkOptions } from '../../config/to-network-options.js'
import type { Environment } from '../../environment/environment.js'
import { formatAddress, withoutBrackets } from '../../network/address.js'
import type { BootstrapServer } from '../../network/network-options.js'
import { dependentsOf } from '../checks.js'
import { type Finding, skipped } from '../finding.js'
import { clientSettingsFindings } from '../judgement/client-settings.js'
import { clockFinding } from '../judgement/time.js'
import type { OpenRoute } from '../walk/ask.js'
import { type TimeLimits, WalkContext } from '../walk/walk-context.js'
import { examineBrokers } from './examine-brokers.js'
import { examineCluster } from './examine-cluster.js'
import { examineProducer } from './examine-producer.js'
import { examineTopic } from './examine-topic.js'
import { walkServer } from './walk-server.js'

/** The question of an examination. */
export interface ExaminationOptions {
  /** Null: no topic is looked at. */
  readonly topic: string | null
  /** The warnings that the client has logged about its settings. */
  readonly warnings: readonly string[]
  readonly limits: TimeLimits
  /** Ends the examination early. Whatever still waits for an answer fails. */
  readonly signal: AbortSignal
  /** Hears the findings of each part as soon as they are known, in the order of the checks. */
  readonly tell: (findings: readonly Finding[]) => void
}

/**
 * Makes the checks, one after the other where one needs another, and side by side where not. It writes no
 * record, creates no topic and changes no setting. It never rejects because of what it finds.
 */
export async function examine(
  config: ResolvedProducerConfig,
  environment: Environment,
  { topic, warnings, limits, signal, tell }: ExaminationOptions,
): Promise<Finding[]> {
  const all: Finding[] = []
  const note = (findings: readonly Finding[]): void => {
    all.push(...findings)
    if (findings.length > 0 && !signal.aborted) tell(findings)
  }
  const context = new WalkContext(networkOptions(config, environment), environment, limits)
  const end = (): void => context.end()
  signal.addEventListener('abort', end, { once: true })
  try {
    note(clientSettingsFindings(config, warnings))
    const entries = await walkBootstrap(context, note)
    const { cluster, findings } = await examineCluster(context, entries, topic)
    note(findings)
    if (cluster === null) {
      note(leftOut(topic, entries.length === 0))
    } else {
      note(await examineProducer(context, cluster, { topic, config }))
      const brokers = await examineBrokers(context, cluster, config.securityProtocol)
      note(brokers.flatMap(({ findings: ofBroker }) => ofBroker))
      const unusable = brokers.filter(({ isUsable }) => !isUsable).map(({ nodeId }) => nodeId)
      if (topic !== null) note(await examineTopic(context, cluster, { topic, unusable, config }))
    }
    note([clockFinding(environment.clock.wallTime())])
    return all
  } finally {
    signal.removeEventListener('abort', end)
    context.end()
  }
}

/** Walks to all bootstrap servers at the same time. Returns those that can be asked. */
async function walkBootstrap(
  context: WalkContext,
  note: (findings: readonly Finding[]) => void,
): Promise<OpenRoute[]> {
  const walks = context.options.bootstrapServers.map((server) => walkServer(context, asServer(server)))
  const open: OpenRoute[] = []
  for (const walk of walks) {
    const { findings, open: entry } = await walk
    note(findings)
    if (entry !== null) open.push(entry)
  }
  return open
}

function asServer({ host, port }: BootstrapServer) {
  const address = formatAddress(host, port)
  return {
    subject: `bootstrap server ${address}`,
    target: {
      host: withoutBrackets(host),
      port,
      broker: address,
      advertised: false,
      nodeId: -1,
      clusterId: null,
    },
    expected: null,
  }
}

/** The checks that nobody can be asked for. */
function leftOut(topic: string | null, isUnreachable: boolean): Finding[] {
  const because = isUnreachable ? 'no bootstrap server can be used' : 'no broker describes the cluster'
  const ofCluster = isUnreachable ? (['cluster'] as const) : []
  const ofTopic = dependentsOf('topic')
  const left = dependentsOf('cluster').filter(
    (check) => topic !== null || (check !== 'topic' && !ofTopic.includes(check)),
  )
  return [...skipped(ofCluster, 'cluster', because), ...skipped(left, 'cluster', because)]
}
