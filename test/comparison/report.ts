import { errorCode } from '../../src/protocol/error-codes.js'
import type { Judgement } from './judgement.js'

export interface Compared {
  readonly seed: number
  readonly scripts: number
  /** Of Kafka. */
  readonly version: string
}

/** The findings of a comparison with the command that brings each back, and its figures. */
export function report(
  judgement: Judgement,
  { seed, scripts, version }: Compared,
  mostFindings: number,
): string {
  const { findings, known, errorCodes, answers, batches } = judgement
  const lines = findings.slice(0, mostFindings).map(({ script, text }) => {
    return `npm run compare -- --kafka ${version} --seed ${seed} --script ${script}\n${text}`
  })
  if (findings.length > lines.length) lines.push(`... and ${findings.length - lines.length} more`)
  for (const [{ what, why }, times] of known) lines.push(`known difference, ${times} times: ${what}: ${why}`)
  const codes = [...errorCodes].sort(([, one], [, other]) => other - one)
  lines.push(`answered: ${codes.map(([code, times]) => `${errorCode(code).name} ${times}`).join(', ')}`)
  const sum = [...known.values()].reduce((total, times) => total + times, 0)
  lines.push(
    `${scripts} scripts of seed ${seed} against Kafka ${version}: ${answers} answers and ${batches} places of the final logs compared, ${sum} known differences, ${findings.length} findings`,
  )
  return lines.join('\n')
}
