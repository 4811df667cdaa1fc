import type { RecordContent, SentRecord } from './ledger.js'
import type { LoggedRecord } from './log-history.js'

/** The difference between the logged key, headers and timestamp and the sent ones; null without one. */
export function difference(
  { content }: SentRecord,
  logged: LoggedRecord,
  keepsTimestamps: boolean,
): string | null {
  if (logged.key !== content.key) return `has the key ${logged.key}, and was sent with ${content.key}`
  const headers = shown(logged.headers)
  if (headers !== shown(content.headers))
    return `has the headers ${headers}, and was sent with ${shown(content.headers)}`
  if (keepsTimestamps && logged.timestamp !== content.timestamp)
    return `has the timestamp ${logged.timestamp}, and was sent at ${content.timestamp}`
  return null
}

function shown(headers: RecordContent['headers']): string {
  return JSON.stringify(Object.entries(headers))
}

/** The records without a given partition that are in another one than an earlier record with the same key. */
export function separated(
  records: readonly SentRecord[],
  rows: readonly (readonly LoggedRecord[])[],
): { readonly logged: LoggedRecord; readonly other: LoggedRecord }[] {
  const homes = new Map<string, LoggedRecord>()
  return rows.flat().flatMap((logged) => {
    const sent = logged.id === null ? undefined : records[logged.id]
    if (sent === undefined || sent.partition !== undefined || sent.content.key === null) return []
    const key = `${sent.topic}/${sent.content.key}`
    const other = homes.get(key)
    if (other === undefined) homes.set(key, logged)
    return other === undefined || other.partition === logged.partition ? [] : [{ logged, other }]
  })
}
