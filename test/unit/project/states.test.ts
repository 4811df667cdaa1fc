import { describe, expect, it } from 'vitest'
import { read } from './tree.js'

const design = read('DESIGN.md')

/** A state machine's file, the type of its states and the property that names them. */
const machines = [
  ['src/producer/batch.ts', 'BatchState', 'kind'],
  ['src/producer/partition-sequence.ts', 'SequenceState', 'kind'],
  ['src/producer/partition-sequence.ts', 'Continuity', null],
  ['src/producer/identity.ts', 'IdentityState', 'kind'],
  ['src/network/broker-node.ts', 'State', 'name'],
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
    const heading = design.indexOf(`(\`${file.replace('src/', '')}\``)
    expect(heading).toBeGreaterThan(0)
    const [, diagram = ''] = design.slice(heading).split('```')
    for (const name of names) expect(diagram).toMatch(new RegExp(`(?<![\\w-])${name}(?![\\w])`))
  })
})
