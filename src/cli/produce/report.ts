import { counted, megabytes, whole } from '../figures.js'
import type { Input } from '../input.js'
import type { Terminal } from '../terminal.js'
import type { Deliveries } from './deliveries.js'

const EVERY_MS = 250

/** Keeps a line of progress up to date if stderr is a terminal. Returns the function that ends it. */
export function showProgress(
  deliveries: Deliveries,
  startedAtMs: number,
  { isTerminal }: Input,
  terminal: Terminal,
): () => void {
  // Progress would overwrite a line that is being typed.
  if (!terminal.showsProgress || isTerminal) return () => {}
  const timer = setInterval(() => {
    const elapsedMs = performance.now() - startedAtMs
    const { acknowledged, bytes, failed, unsettled } = deliveries
    const parts = [
      counted(acknowledged, 'record'),
      `${megabytes(bytes)} MB`,
      `${whole((acknowledged / elapsedMs) * 1000)} records/s`,
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

/** The message at the first signal, if records have no outcome yet. */
export function interruptedSoFar({ acknowledged, unsettled }: Deliveries, elapsedMs: number): string {
  const sent = `${counted(acknowledged, 'record')} sent`
  const open = `${counted(unsettled, 'accepted line')} not acknowledged yet`
  const rest = 'sending them, a second signal gives them up'
  return `interrupted after ${seconds(elapsedMs)} s: ${sent}, ${open}; ${rest}`
}

/** The lines at the end: one for each kind of failure that occurred, and one for the sent records. */
export function summary(deliveries: Deliveries, topic: string, elapsedMs: number): string[] {
  const { acknowledged, bytes, failed, leftOut, maybePersisted, notSent, notAcknowledged, unsettled } =
    deliveries
  const lines: string[] = []
  if (failed > 0) {
    const maybe =
      maybePersisted > 0 ? `; ${whole(maybePersisted)} of them may be in the log nevertheless` : ''
    lines.push(`${counted(failed, 'record')} failed${maybe}`)
  }
  if (leftOut > 0) lines.push(`${counted(leftOut, 'line')} left out`)
  if (notSent > 0) lines.push(`${counted(notSent, 'accepted line')} not sent`)
  if (notAcknowledged > 0) {
    const they = notAcknowledged === 1 ? 'it' : 'they'
    lines.push(
      `${counted(notAcknowledged, 'accepted line')} sent and not acknowledged; ${they} may be in the log`,
    )
  }
  if (unsettled > 0) lines.push(`${counted(unsettled, 'record')} without an outcome`)
  const sent = `${counted(acknowledged, 'record')} sent to ${topic}`
  const rate = whole((acknowledged / elapsedMs) * 1000)
  const time = `in ${seconds(elapsedMs)} s`
  lines.push(
    acknowledged === 0 ? `${sent} ${time}` : `${sent}, ${counted(bytes, 'byte')} ${time}, ${rate} records/s`,
  )
  return lines
}

function seconds(ms: number): string {
  return (ms / 1000).toFixed(2)
}
