import type { ResolvedProducerConfig } from '../../config/config.js'
import { ErrorCode, errorCode } from '../../protocol/error-codes.js'
import { InitProducerId } from '../../protocol/init-producer-id.js'
import { type Finding, finding } from '../finding.js'
import { recordSizeFinding } from '../judgement/record-size.js'
import { producerIdFinding } from '../judgement/rights.js'
import { ask } from '../walk/ask.js'
import type { WalkContext } from '../walk/walk-context.js'
import type { DescribedCluster } from './examine-cluster.js'

/** The pause before a request is sent again, in milliseconds. */
const PAUSE_MS = 100

export interface ProducerQuestion {
  readonly topic: string | null
  readonly config: Pick<
    ResolvedProducerConfig,
    'enableIdempotence' | 'maxRequestSize' | 'batchSize' | 'transactionTimeoutMs'
  >
}

/**
 * What a cluster demands of a producer, whatever the topic. A topic that exists has a size limit of its own,
 * so that limit is judged with the topic.
 */
export async function examineProducer(
  context: WalkContext,
  cluster: DescribedCluster,
  { topic, config }: ProducerQuestion,
): Promise<Finding[]> {
  const identity = await producerId(context, cluster, topic, config)
  const isThere = cluster.topic?.errorCode === ErrorCode.NONE
  if (isThere) return [identity]
  return [identity, recordSizeFinding({ ...config, topic: null, broker: cluster.brokerSettings })]
}

async function producerId(
  context: WalkContext,
  { entry }: DescribedCluster,
  topic: string | null,
  { enableIdempotence, transactionTimeoutMs }: ProducerQuestion['config'],
): Promise<Finding> {
  const check = 'producer-id'
  const subject = 'cluster'
  if (!enableIdempotence)
    return finding(check, subject, 'unknown', 'not checked: enable.idempotence of the client is false')
  try {
    const { clock } = context.environment
    const untilMs = clock.now() + context.stepTimeMs
    for (;;) {
      const { errorCode: code } = await ask(context, entry, InitProducerId, {
        transactionalId: null,
        transactionTimeoutMs,
        producerId: -1n,
        producerEpoch: -1,
      })
      // A broker that has just started fetches producer ids when it is asked for the first one.
      const mayWait = errorCode(code).retriable && clock.now() + PAUSE_MS < untilMs
      if (!mayWait) return producerIdFinding({ errorCode: code, subject, topic })
      await context.pause(PAUSE_MS)
    }
  } catch (error) {
    return finding(check, subject, 'wrong', error instanceof Error ? error.message : String(error))
  }
}
