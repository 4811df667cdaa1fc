import { sendingConfigs } from '../../config/table-sending.js'
import { type Finding, type Fix, finding } from '../finding.js'
import type { SeenSettings } from './seen-settings.js'
import { topicSubject } from './topic.js'

/** The limits of both sides. */
export interface SizeLimits {
  /** Null if no topic was asked for, or if it does not exist. */
  readonly topic: { readonly name: string; readonly settings: SeenSettings } | null
  readonly broker: SeenSettings
  readonly maxRequestSize: number
  readonly batchSize: number
}

/** Compares the limits of the client with those of the topic and of the broker. */
export function recordSizeFinding(limits: SizeLimits): Finding {
  const { topic, broker, maxRequestSize, batchSize } = limits
  const subject = topic === null ? 'cluster' : topicSubject(topic.name)
  const setting = topic === null ? 'message.max.bytes' : 'max.message.bytes'
  const settings = topic === null ? broker : topic.settings
  const seen = settings.get(setting)
  if (seen === undefined)
    return finding('record-size', subject, 'unknown', settings.whyNot(setting), {
      fixes: settings.remedies(topic === null ? '--cluster' : `--topic ${topic.name}`),
    })
  const most = Number(seen)
  const request = broker.get('socket.request.max.bytes')
  const facts = {
    maxMessageBytes: most,
    maxRequestSize,
    batchSize,
    socketRequestMaxBytes: request === undefined ? null : Number(request),
  }
  const raise: Fix = {
    where: topic === null ? 'broker' : 'topic',
    setting,
    advice: `raise it to ${maxRequestSize} or more`,
  }
  const lower = (name: string, value: number): Fix => ({
    where: 'client',
    setting: name,
    advice: `or lower it to ${value}`,
  })
  if (request !== undefined && Number(request) < maxRequestSize)
    return finding(
      'record-size',
      subject,
      'wrong',
      `max.request.size is ${maxRequestSize}, and a broker closes the connection at a request above ${request} bytes`,
      {
        fixes: [
          { where: 'client', setting: 'max.request.size', advice: `lower it to ${request}` },
          { where: 'broker', setting: 'socket.request.max.bytes', advice: 'or raise it' },
        ],
        facts,
      },
    )
  if (most < batchSize)
    return finding(
      'record-size',
      subject,
      'wrong',
      `${setting} is ${most}, and batches have up to ${batchSize} bytes (batch.size)`,
      {
        explanation: [
          'The broker refuses a larger batch with MESSAGE_TOO_LARGE, and the client has to split it.',
        ],
        fixes: [raise, lower('batch.size', most)],
        facts,
      },
    )
  if (most < maxRequestSize) {
    const isChosen = maxRequestSize > sendingConfigs.maxRequestSize.default
    return finding(
      'record-size',
      subject,
      isChosen ? 'wrong' : 'warning',
      `${setting} is ${most}, and the client takes records of up to ${maxRequestSize} bytes (max.request.size)`,
      {
        explanation: ['The broker refuses a record between the two with MESSAGE_TOO_LARGE.'],
        fixes: [raise, lower('max.request.size', most)],
        facts,
      },
    )
  }
  return finding(
    'record-size',
    subject,
    'ok',
    `the brokers take batches of ${most} bytes, and the client makes requests of ${maxRequestSize} at most`,
    {
      facts,
    },
  )
}
