import { describe, expect, it } from 'vitest'
import { read } from './tree.js'

const design = read('DESIGN.md')

/** The file of a state machine, the type of its states, and the property with their names. */
const machines = [
  ['src/producer/accumulator/batch.ts', 'BatchState', 'kind'],
  ['src/producer/idempotence/partition-sequence.ts', 'SequenceState', 'kind'],
  ['src/producer/idempotence/partition-sequence.ts', 'Continuity', null],
  ['src/producer/idempotence/identity.ts', 'IdentityState', 'kind'],
  ['src/network/broker/node-state.ts', 'NodeState', 'kind'],
] as const

/** The names in a union of object types or of strings. */
function namesOf(file: string, type: string, property: string | null): string[] {
  const source = read(file)
  const [, union = ''] =
    new RegExp(`^(?:export )?type ${type} =(.*?)\\n\\n`, 'ms').exec(source.replaceAll('\r', '')) ?? []
  const pattern = property === null ? /'([^']+)'/g : new RegExp(`readonly ${property}: '([^']+)'`, 'g')
  return [...union.matchAll(pattern)].map(([, name = '']) => name)
}

describe('the diagrams of DESIGN.md', () => {
  it.each(machines)('know every state of %s, %s', (file, type, property) => {
    const names = namesOf(file, type, property)
    expect(names.length).toBeGreaterThan(1)
    const heading = design.search(new RegExp(`^### .*\\(\`${file}\``, 'm'))
    expect(heading).toBeGreaterThan(0)
    const [, diagram = ''] = design.slice(heading).split('```')
    for (const name of names) expect(diagram).toMatch(new RegExp(`(?<![\\w-])${name}(?![\\w])`))
  })
})
