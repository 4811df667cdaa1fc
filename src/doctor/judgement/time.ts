import { type Finding, finding } from '../finding.js'
import type { SeenSettings } from './seen-settings.js'
import { topicSubject } from './topic.js'

/** A limit below this is so narrow that clocks, queues and retries exceed it in daily life. */
const NARROW_MS = 60_000

/** The timestamps that the topic takes. */
export function timestampsFinding(topic: string, settings: SeenSettings): Finding {
  const subject = topicSubject(topic)
  const type = settings.get('message.timestamp.type')
  if (type === undefined)
    return finding('timestamps', subject, 'unknown', settings.whyNot('message.timestamp.type'), {
      fixes: settings.remedies(`--topic ${topic}`),
    })
  if (type === 'LogAppendTime')
    return finding(
      'timestamps',
      subject,
      'ok',
      'LogAppendTime: the broker stamps records with its own clock',
      {
        facts: { type },
      },
    )
  const beforeMs = Number(settings.get('message.timestamp.before.max.ms') ?? Number.MAX_VALUE)
  const afterMs = Number(settings.get('message.timestamp.after.max.ms') ?? Number.MAX_VALUE)
  const facts = { type, beforeMaxMs: beforeMs, afterMaxMs: afterMs }
  const narrow = beforeMs < NARROW_MS ? 'before' : afterMs < NARROW_MS ? 'after' : null
  if (narrow !== null) {
    const setting = `message.timestamp.${narrow}.max.ms`
    return finding(
      'timestamps',
      subject,
      'warning',
      `${setting} is ${narrow === 'before' ? beforeMs : afterMs}: a record is refused if its timestamp is further from the broker's clock`,
      {
        explanation: [
          'The broker refuses it with INVALID_TIMESTAMP. A record that waits or is retried keeps its timestamp.',
        ],
        fixes: [{ where: 'topic', setting, advice: `raise it above delivery.timeout.ms` }],
        facts,
      },
    )
  }
  return finding(
    'timestamps',
    subject,
    'ok',
    `CreateTime: the broker takes timestamps up to ${inWords(afterMs)} ahead of its clock and ${inWords(beforeMs)} behind`,
    {
      facts,
    },
  )
}

/** The local time. No request tells the broker's. */
export function clockFinding(wallTimeMs: number): Finding {
  const localTime = new Date(wallTimeMs).toISOString()
  return finding(
    'clock',
    'this machine',
    'unknown',
    `not known: here it is ${localTime}, and no broker tells its time without a record`,
    {
      facts: { localTime },
    },
  )
}

function inWords(ms: number): string {
  if (ms >= 3.2e10 * 100) return 'any time'
  if (ms >= 86_400_000) return `${Math.round(ms / 86_400_000)} days`
  if (ms >= 3_600_000) return `${Math.round(ms / 3_600_000)} h`
  return `${Math.round(ms / 1_000)} s`
}
