import { whole } from '../figures.js'
import type { Verdict } from './ledger.js'

/** The table at the end of a demo. */
export function verdictTable(verdict: Verdict): string {
  const rows: [string, number][] = [
    ['sent', verdict.sent],
    ['acknowledged', verdict.acknowledged],
    ['failed', verdict.failed],
    ['lost', verdict.lost],
    ['duplicated', verdict.duplicated],
    ['out of order', verdict.outOfOrder],
  ]
  if (verdict.unsettled > 0) rows.push(['without an outcome', verdict.unsettled])
  if (verdict.wronglyFailed > 0) rows.push(['failed, yet written', verdict.wronglyFailed])
  const names = Math.max(...rows.map(([name]) => name.length))
  const figures = Math.max(...rows.map(([, value]) => whole(value).length))
  return rows.map(([name, value]) => `${name.padEnd(names)}  ${whole(value).padStart(figures)}\n`).join('')
}

/** Whether every record was acknowledged and is in the log once, in order. */
export function isFlawless(verdict: Verdict): boolean {
  const { sent, acknowledged, lost, duplicated, outOfOrder, wronglyFailed } = verdict
  return sent === acknowledged && lost + duplicated + outOfOrder + wronglyFailed === 0
}
