import type { Answer } from './answer.js'
import type { LaneKind } from './lane-kinds.js'
import type { Played } from './lane-player.js'
import { RESTARTS, type Step } from './script.js'

/**
 * What happened in the script of the last step, as far as to that step, which the two clusters have answered
 * differently.
 */
export function storyOf(kind: LaneKind, played: readonly Played[], ours: Answer): string {
  const last = played.at(-1)
  if (last === undefined) return ''
  const lines = [`script ${last.script}, on a partition of the kind ${kind}:`]
  let part = 0
  for (const one of played.filter(({ script }) => script === last.script)) {
    for (; part < one.part; part++) lines.push(`    -- the broker is ${RESTARTS[part]} and started again`)
    lines.push(`  ${one === last ? '*' : ' '} ${told(one.step)}`)
    if (one !== last) lines.push(`      -> ${withoutQuotes(one.answer)}`)
  }
  return [...lines, bothAnswers(last.answer, ours)].join('\n')
}

export function bothAnswers(theirs: Answer, ours: Answer): string {
  return `      Kafka:    ${withoutQuotes(theirs)}\n      embedded: ${withoutQuotes(ours)}`
}

function told({ kind, ...rest }: Step): string {
  return `${kind} ${withoutQuotes(rest)}`
}

function withoutQuotes(value: object): string {
  const text = JSON.stringify(value, (_, inner) => (typeof inner === 'bigint' ? `${inner}n` : inner))
  return text.replaceAll('"', '')
}
