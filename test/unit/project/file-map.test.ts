import { existsSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { mayImport, rooms } from './layer-order.js'
import { filesUnder, layerOf, read, root } from './tree.js'

/** A file with fewer lines needs a reason. */
const SHORT = 30

/** A row of the file map in DESIGN.md. */
interface Row {
  /** From the root of the repository. */
  readonly path: string
  readonly purpose: string
  /** As the map writes them: below `test`, without the end of the name. */
  readonly tests: readonly string[]
}

/** What the map is compared with. */
interface Project {
  readonly sources: readonly string[]
  readonly tests: readonly string[]
  readonly linesOf: (path: string) => number
}

/** The part of a document between a heading and the next one of the same level. */
function section(document: string, heading: string): string {
  const [level = ''] = heading.split(' ')
  const from = document.indexOf(`\n${heading}\n`)
  if (from === -1) throw new Error(`there is no heading "${heading}"`)
  const rest = document.slice(from + heading.length + 2)
  const next = new RegExp(`^#{1,${level.length}} `, 'm').exec(rest)
  return next === null ? rest : rest.slice(0, next.index)
}

function rowsOf(map: string): Row[] {
  const rows: Row[] = []
  let folder = ''
  for (const line of map.split('\n')) {
    folder = /^#### `(src[\w/-]*)`$/.exec(line)?.[1] ?? folder
    const cells = /^\| `([\w.-]+\.ts)` \| (.+) \| (.+) \|$/.exec(line)
    if (cells === null) continue
    const [, file = '', purpose = '', tests = ''] = cells
    const names = [...tests.matchAll(/`([^`]+)`/g)].map(([, name = '']) => name)
    rows.push({ path: `${folder}/${file}`, purpose, tests: names })
  }
  return rows
}

/** Orders paths by layer, room and name. The files of a folder come before those of the folders in it. */
function byPlace(a: string, b: string): number {
  const places = [placeOf(a), placeOf(b)] as const
  for (let i = 0; i < 3; i++) {
    const difference = (places[0].numbers[i] ?? 0) - (places[1].numbers[i] ?? 0)
    if (difference !== 0) return difference
  }
  return places[0].name < places[1].name ? -1 : 1
}

function placeOf(path: string): { readonly numbers: readonly number[]; readonly name: string } {
  const [, folder = '', ...below] = path.split('/')
  const layer = Object.keys(mayImport).indexOf(layerOf(path))
  const isBelow = below.length > 1
  const room = isBelow ? (rooms[folder]?.indexOf(below[0] ?? '') ?? 0) : 0
  return { numbers: [below.length === 0 ? -1 : layer, isBelow ? 1 : 0, room], name: path }
}

/** The tests of a project as the map writes them. */
function testNames(paths: readonly string[]): string[] {
  return paths.flatMap((path) => /^test\/(.+)\.test(?:-d)?\.ts$/.exec(path)?.[1] ?? [])
}

/** All that is wrong with a map. */
function faultsOf(rows: readonly Row[], { sources, tests, linesOf }: Project): string[] {
  const paths = rows.map(({ path }) => path)
  const names = new Set(testNames(tests))
  const faults: string[] = []
  for (const source of sources) if (!paths.includes(source)) faults.push(`${source} is not in the map`)
  rows.forEach(({ path, purpose, tests: named }, i) => {
    if (paths.indexOf(path) !== i) faults.push(`${path} is in the map twice`)
    if (!sources.includes(path)) {
      faults.push(`${path} does not exist`)
      return
    }
    const next = paths[i + 1]
    if (next !== undefined && byPlace(path, next) > 0) faults.push(`${path} stands before ${next}`)
    if (named.length === 0) faults.push(`${path} has no test`)
    for (const name of named) if (!names.has(name)) faults.push(`${path} names the test ${name}`)
    const own = path.replace(/^src\//, 'unit/').replace(/\.ts$/, '')
    if (names.has(own) && !named.includes(own)) faults.push(`${path} does not name its own test`)
    if (linesOf(path) < SHORT && !/\bShort: \w/.test(purpose))
      faults.push(`${path} is short without a reason`)
  })
  return faults
}

const design = read('DESIGN.md')
const rows = rowsOf(section(design, '### Sources'))
const files = [...filesUnder('src'), ...filesUnder('test')]
const project: Project = {
  sources: files.filter((path) => path.startsWith('src/') && path.endsWith('.ts')),
  tests: files.filter((path) => path.startsWith('test/')),
  linesOf: (path) => read(path).trimEnd().split('\n').length,
}

describe('the file map of DESIGN.md', () => {
  it('has every file of src once, in the order of the folders, with tests that exist', () => {
    expect(rows.length).toBeGreaterThan(200)
    expect(faultsOf(rows, project)).toEqual([])
  })

  it('has a heading and a purpose for every folder of src', () => {
    const folders = new Set(project.sources.map((path) => path.slice(0, path.lastIndexOf('/'))))
    for (const folder of folders) expect(design).toMatch(new RegExp(`^#### \`${folder}\`\n\n[A-Z\`]`, 'm'))
  })

  it('has the folders of tests, and of programs', () => {
    const map = section(design, '### Tests and programs')
    const below = readdirSync(join(root, 'test')).map((name) => `test/${name}`)
    const folders = [...below, 'bench', 'scripts'].filter((path) => statSync(join(root, path)).isDirectory())
    expect(folders.length).toBeGreaterThan(10)
    expect(folders.filter((path) => !map.includes(`\n| \`${path}\` |`))).toEqual([])
    const named = [...map.matchAll(/^\| `([^`]+)` \|/gm)].map(([, path = '']) => path)
    expect(named.filter((path) => !existsSync(join(root, path)))).toEqual([])
  })

  describe('would be found out', () => {
    const withSources = (sources: readonly string[]): string[] => faultsOf(rows, { ...project, sources })
    const first = 'src/producer/accumulator/accumulator.ts'
    const without = (path: string): Row[] => rows.filter((row) => row.path !== path)

    it('if a file were added, removed or renamed', () => {
      expect(withSources([...project.sources, 'src/fresh.ts'])).toEqual(['src/fresh.ts is not in the map'])
      expect(withSources(project.sources.filter((path) => path !== first))).toEqual([
        `${first} does not exist`,
      ])
      const renamed = project.sources.map((path) => (path === first ? 'src/producer/accumulator/x.ts' : path))
      expect(withSources(renamed)).toEqual([
        'src/producer/accumulator/x.ts is not in the map',
        `${first} does not exist`,
      ])
    })

    it('if a row were left out, written twice or in a wrong place', () => {
      expect(faultsOf(without(first), project)).toEqual([`${first} is not in the map`])
      const row = rows.find(({ path }) => path === first)
      if (row === undefined) throw new Error(`${first} is not in the map`)
      expect(faultsOf([...rows, row], project)).toContain(`${first} is in the map twice`)
      expect(faultsOf([row, ...without(first)], project)).toEqual([
        `${first} stands before ${without(first)[0]?.path}`,
      ])
    })

    it('if a test did not exist, or were not named', () => {
      const tests = project.tests.filter((path) => path !== 'test/unit/logger.test.ts')
      expect(faultsOf(rows, { ...project, tests })).toEqual(['src/logger.ts names the test unit/logger'])
      const fresh = [...project.tests, 'test/unit/producer/producer.test.ts']
      expect(faultsOf(rows, { ...project, tests: fresh })).toEqual([
        'src/producer/producer.ts does not name its own test',
      ])
    })

    it('if a file were short without a reason', () => {
      const linesOf = (path: string): number => (path === first ? SHORT - 1 : project.linesOf(path))
      expect(faultsOf(rows, { ...project, linesOf })).toEqual([`${first} is short without a reason`])
    })
  })
})
