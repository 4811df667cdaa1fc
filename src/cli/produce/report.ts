import { counted, megabytes, whole } from '../figures.js'
import type { Terminal } from '../terminal.js'
import type { Deliveries } from './deliveries.js'

const EVERY_MS = 250

/** Keeps a line of progress up to date while stderr is a terminal; returns the way to end it. */
export function showProgress(deliveries: Deliveries, startedAtMs: number, terminal: Terminal): () => void {
  if (!terminal.showsProgress || terminal.stdinIsTerminal) return () => {}
  const timer = setInterval(() => {
    const seconds = (performance.now() - startedAtMs) / 1000
    const { acknowledged, bytes, failed, unsettled } = deliveries
    const parts = [
      counted(acknowledged, 'record'),
      `${megabytes(bytes)} MB`,
      `${whole(acknowledged / seconds)} records/s`,
      `${whole(unsettled)} under way`,
    ]
    if (failed > 0) parts.push(`${whole(failed)} failed`)
    terminal.status(parts.join(', '))
  }, EVERY_MS)
  return () => {
    clearInterval(timer)
    terminal.clearStatus()
  }
}

/** What is said at the end. */
export function summary(deliveries: Deliveries, topic: string, elapsedMs: number): string[] {
  const { acknowledged, bytes, failed, maybePersisted, unsettled } = deliveries
  const seconds = elapsedMs / 1000
  const rate = whole(acknowledged / seconds)
  const lines: string[] = []
  if (failed > 0) {
    const maybe =
      maybePersisted > 0 ? `; ${whole(maybePersisted)} of them may be in the log nevertheless` : ''
    lines.push(`${counted(failed, 'record')} failed${maybe}`)
  }
  if (unsettled > 0) lines.push(`${counted(unsettled, 'record')} without an outcome`)
  lines.push(
    `${counted(acknowledged, 'record')} sent to ${topic}, ${counted(bytes, 'byte')} in ${seconds.toFixed(2)} s, ${rate} records/s`,
  )
  return lines
}
