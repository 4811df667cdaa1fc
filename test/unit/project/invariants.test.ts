import { describe, expect, it } from 'vitest'
import { filesUnder, read } from './tree.js'

/** A heading of an invariant, or a comment that points to it, with a file of src. */
interface Place {
  readonly invariant: string
  readonly path: string
}

/** The invariants under "Non-obvious", and the files that each names. */
function placesIn(document: string): Place[] {
  const from = document.indexOf('\n## Non-obvious\n')
  const [part = ''] = document.slice(from + 1).split(/\n(?=## (?!Non-obvious))/)
  return part
    .split(/^### /m)
    .slice(1)
    .flatMap((text) => {
      const [invariant = ''] = text.split('\n')
      const paths = [...text.matchAll(/`(src\/[\w./-]+\.ts)`/g)].map(([, path = '']) => path)
      return (paths.length === 0 ? [''] : paths).map((path) => ({ invariant, path }))
    })
}

/** `// Invariant: DESIGN.md, "A callback may do anything".` */
function pointersIn(path: string, source: string): Place[] {
  const pointers = source.matchAll(/^ *\/\/ Invariant: DESIGN\.md, "(.+)"\.$/gm)
  return [...pointers].map(([, invariant = '']) => ({ invariant, path }))
}

function asText(places: readonly Place[]): string[] {
  return [...new Set(places.map(({ invariant, path }) => `${invariant}: ${path}`))].sort()
}

const sources = filesUnder('src').filter((path) => path.endsWith('.ts'))

describe('the invariants of DESIGN.md', () => {
  it('are pointed to from the files that they name, and from no others', () => {
    const places = placesIn(read('DESIGN.md'))
    expect(new Set(places.map(({ invariant }) => invariant)).size).toBeGreaterThan(10)
    const pointers = sources.flatMap((path) => pointersIn(path, read(path)))
    expect(asText(pointers)).toEqual(asText(places))
  })

  it('are pointed to in one form', () => {
    for (const path of sources) {
      const source = read(path)
      expect(source.match(/Invariant:/g)?.length ?? 0).toBe(pointersIn(path, source).length)
    }
  })

  it('would be found out if one had no pointer, or a pointer no heading', () => {
    const document =
      '# A\n\n## Non-obvious\n\n### One\nSo.\n\n`a` in `src/a.ts`; `b` in\n`src/b.ts`\n\n## Next\n\n### Two\n'
    expect(asText(placesIn(document))).toEqual(['One: src/a.ts', 'One: src/b.ts'])
    const source = '  // Invariant: DESIGN.md, "One".\n  // Invariant: DESIGN.md, "Other".\n'
    expect(asText(pointersIn('src/a.ts', source))).toEqual(['One: src/a.ts', 'Other: src/a.ts'])
    expect(placesIn('\n## Non-obvious\n\n### None\nIt names no file.\n')).toEqual([
      { invariant: 'None', path: '' },
    ])
  })
})
