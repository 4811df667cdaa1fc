import { describe, expect, it } from 'vitest'
import { ERROR_CODES } from '../../../src/error-code-table.js'
import { filesUnder, read, withoutComments } from './tree.js'

const MAX_LINES = 300

const sources = filesUnder('src').filter((path) => path.endsWith('.ts'))

/** Ways around the compiler that Biome allows. */
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

  it('imports the files of the project by their compiled names', () => {
    const extensionless = sources.filter((path) => /from\s+'\.[^']*(?<!\.js)'/.test(read(path)))
    expect(extensionless).toEqual([])
  })
})

describe('a file of the project', () => {
  /** An error code as a number instead of its name: in a constant, or in the value of a field. */
  const numberedCode = new RegExp(
    String.raw`\bconst (?:${ERROR_CODES.map(([, name]) => name).join('|')}) = -?\d|\berrorCode: (?:-1|\d{1,3})\b`,
  )

  it("takes Kafka's error codes from the table", () => {
    const code = ['src', 'test', 'bench']
      .flatMap((folder) => filesUnder(folder))
      .filter((path) => path.endsWith('.ts'))
    expect(code.length).toBeGreaterThan(100)
    expect(code.filter((path) => numberedCode.test(withoutComments(read(path))))).toEqual([])
    expect(`const ${'NOT_ENOUGH_REPLICAS'} = 19`).toMatch(numberedCode)
    expect(`{ ${'errorCode'}: 6 }`).toMatch(numberedCode)
    expect('errorCode: 9_999').not.toMatch(numberedCode)
  })

  /** Biome wraps code at this column, and leaves comments as they are. */
  const MAX_COLUMNS = 110

  /** The lines of a source that have a comment and are too long. */
  function longComments(source: string): string[] {
    const code = withoutComments(source).split('\n')
    return source.split('\n').filter((line, i) => line !== code[i] && line.length > MAX_COLUMNS)
  }

  it(`has comments of at most ${MAX_COLUMNS} columns`, () => {
    const paths = ['src', 'test', 'bench', 'scripts']
      .flatMap((folder) => filesUnder(folder))
      .filter((path) => /\.(?:ts|js)$/.test(path))
    expect(paths.length).toBeGreaterThan(100)
    const found = paths.flatMap((path) => longComments(read(path)).map((line) => `${path}: ${line.trim()}`))
    expect(found).toEqual([])
    const long = 'x'.repeat(MAX_COLUMNS)
    expect(longComments(`// ${long}\n/**\n * ${long}\n */\nf() // ${long}`)).toHaveLength(3)
    expect(longComments(`const url = 'https://${long}'\n// short`)).toEqual([])
  })

  /** Folders outside the repository, on one developer's machine: nobody else can follow such a path. */
  const elsewhere = new RegExp(
    String.raw`(?<![\w.:/-])/(?:${['home', 'Users', 'root', 'work'].join('|')})/\w|${['shared', 'reference'].join('/')}`,
  )

  it('names no place outside the repository', () => {
    const texts = filesUnder('').filter((path) => !/\.(?:png|jpg|gz|zst|bin|jar)$/.test(path))
    expect(texts).toContain('package.json')
    expect(texts.filter((path) => elsewhere.test(read(path)))).toEqual([])
    expect(`see ${['', 'work', 'notes.md'].join('/')}`).toMatch(elsewhere)
    expect('src/network/connection/connection.ts').not.toMatch(elsewhere)
  })
})
