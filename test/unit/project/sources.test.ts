import { describe, expect, it } from 'vitest'
import { filesUnder, read, withoutComments } from './tree.js'

const MAX_LINES = 300

const sources = filesUnder('src').filter((path) => path.endsWith('.ts'))

/** Ways around the compiler that Biome lets pass. */
const wayAround = /\bas\s+(?:any|unknown\s+as|never)\b|<any>/
const silenced = /@ts-(?:ignore|nocheck|expect-error)/

describe('a file of src', () => {
  it(`has at most ${MAX_LINES} lines`, () => {
    expect(sources.length).toBeGreaterThan(10)
    const long = sources
      .map((path) => ({ path, lines: read(path).trimEnd().split('\n').length }))
      .filter(({ lines }) => lines > MAX_LINES)
    expect(long).toEqual([])
  })

  it('does not talk the compiler out of a check', () => {
    const found = sources.filter((path) => {
      const source = read(path)
      return silenced.test(source) || wayAround.test(withoutComments(source))
    })
    expect(found).toEqual([])
    expect('const a = b as unknown as C').toMatch(wayAround)
    expect('const a = b as any').toMatch(wayAround)
  })

  it('imports the files of the project by the name they have once compiled', () => {
    const extensionless = sources.filter((path) => /from\s+'\.[^']*(?<!\.js)'/.test(read(path)))
    expect(extensionless).toEqual([])
  })
})

describe('a file of the project', () => {
  /** Folders in which one developer's copy, or notes about it, may lie: nobody else can follow such a path. */
  const elsewhere = new RegExp(
    String.raw`(?<![\w.:/-])/(?:${['home', 'Users', 'root', 'work'].join('|')})/\w|${['shared', 'reference'].join('/')}`,
  )

  it('names no place outside the repository', () => {
    const texts = filesUnder('').filter((path) => !/\.(?:png|jpg|gz|zst|bin|jar)$/.test(path))
    expect(texts).toContain('package.json')
    expect(texts.filter((path) => elsewhere.test(read(path)))).toEqual([])
    expect(`see ${['', 'work', 'notes.md'].join('/')}`).toMatch(elsewhere)
    expect('src/network/connection.ts').not.toMatch(elsewhere)
  })
})
