import { existsSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { filesUnder, read, root, withoutComments } from './tree.js'

const all = filesUnder('')
const documents = all.filter((path) => path.endsWith('.md'))

/** Documents that name symbols of the code. */
const aboutCode = [
  'DESIGN.md',
  'CONTRIBUTING.md',
  'docs/rules.md',
  'docs/simulation.md',
  'docs/error-codes.md',
]

/** Names of Node, Kafka and Java that stand in code marks, too. */
const foreign = new Set(['Promise', 'AsyncLocalStorage', 'AbortSignal', 'Date', 'LogAppendTime'])

const sources = filesUnder('src').filter((path) => path.endsWith('.ts'))
const code = new Map(sources.map((path) => [path, withoutComments(read(path))]))

/** What stands in code marks in a text, outside of blocks. */
function marked(text: string): string[] {
  return [...text.replace(/^```[\s\S]*?^```/gm, '').matchAll(/`([^`\n]+)`/g)].map(([, name = '']) => name)
}

/**
 * The paths of the repository in a text: marked folders, and files everywhere, also in comments and in
 * commands. The file map writes the files of `test` in another way, and has its own test.
 */
function pathsIn(text: string): string[] {
  const folders = marked(text).filter((name) =>
    /^(?:\.ci|src|test|bench|scripts|docs)(?:\/[\w.-]+)*\/?$/.test(name),
  )
  const files = text.matchAll(
    /(?<![\w./-])(?:src|test|bench|scripts|docs)\/[\w./-]+\.(?:ts|js|json|md|pem|yml)\b/g,
  )
  return [...new Set([...folders, ...[...files].map(([path]) => path)])]
}

/** The marked names of files, without a folder or in one that belongs to the document: `driver/main.ts`. */
function filesIn(text: string): string[] {
  return marked(text).filter((name) => /^(?!\.)[\w./-]+\.(?:ts|js|json|md|pem|yml)$/.test(name))
}

/** Whether a file is named from the root, from the folder of its document, or by its last part alone. */
function isThere(name: string, document: string): boolean {
  if (existsSync(join(root, name)) || existsSync(join(root, dirname(document), name))) return true
  return !name.includes('/') && all.some((path) => basename(path) === name)
}

/** The marked names that begin with a capital: `Batch`, `Batch.order`, `Batch.#state`. */
function symbolsIn(text: string): string[] {
  return marked(text).filter((name) => {
    const [, owner = ''] = /^([A-Z][a-z]\w*)(?:\.#?\w+)?$/.exec(name) ?? []
    return owner !== '' && !foreign.has(owner)
  })
}

/** Whether a file of src declares the symbol, and in it the member. */
function isDeclared(symbol: string): boolean {
  const [owner = '', member] = symbol.split('.')
  const declaration = new RegExp(String.raw`\b(?:class|interface|type|const) ${owner}\b`)
  // At the start of a line: a field, a method or an accessor, of a class, an interface or an object.
  const inside =
    member === undefined
      ? /(?:)/
      : new RegExp(String.raw`^ +(?:(?:readonly|static|async|get|\*) ?)*${member}\??(?=[:(<;]| =|\n)`, 'm')
  return [...code.values()].some((text) => declaration.test(text) && inside.test(text))
}

/** The marked names of functions, fields and settings of more than one word: `splitBatch`, `lingerMs`. */
function namesIn(text: string): string[] {
  return marked(text).filter((name) => /^[a-z]+[A-Z]\w*$/.test(name))
}

function isUsed(name: string): boolean {
  const use = new RegExp(String.raw`\b${name}\b`)
  return [...code.values()].some((source) => use.test(source))
}

describe.each(documents)('%s', (path) => {
  const text = read(path)

  it('names paths that exist', () => {
    expect(pathsIn(text).filter((name) => !existsSync(join(root, name)))).toEqual([])
  })

  it('names files that exist', () => {
    expect(filesIn(text).filter((name) => !isThere(name, path))).toEqual([])
  })
})

describe.each(aboutCode)('%s', (path) => {
  const text = read(path)

  it('names symbols that src declares', () => {
    expect(symbolsIn(text).filter((symbol) => !isDeclared(symbol))).toEqual([])
  })

  it('names functions, fields and settings that src has', () => {
    expect(namesIn(text).filter((name) => !isUsed(name))).toEqual([])
  })
})

it('DESIGN.md names paths and symbols', () => {
  expect(pathsIn(read('DESIGN.md')).length).toBeGreaterThan(50)
  expect(symbolsIn(read('DESIGN.md')).length).toBeGreaterThan(50)
})

it('a path or a symbol that does not exist would be found out', () => {
  const text = 'See `src/network/cluster.ts`, `Batch.order`, `Batch.#stamp`, `Batch`, `npm test` and `acks`.'
  expect(pathsIn(text)).toEqual(['src/network/cluster.ts'])
  expect(pathsIn('`test/unit`\n```sh\nvitest test/a.test.ts\n```\n<!-- from src/b.ts. -->')).toEqual([
    'test/unit',
    'test/a.test.ts',
    'src/b.ts',
  ])
  expect(filesIn('`stalls.ts`, `driver/main.ts`, `.test.ts` and `a b.ts`')).toEqual([
    'stalls.ts',
    'driver/main.ts',
  ])
  expect(isThere('stalls.ts', 'DESIGN.md')).toBe(true)
  expect(isThere('driver/main.ts', 'test/chaos/README.md')).toBe(true)
  expect(isThere('driver/main.ts', 'DESIGN.md')).toBe(false)
  expect(isThere('stall.ts', 'DESIGN.md')).toBe(false)
  expect(symbolsIn(text)).toEqual(['Batch.order', 'Batch.#stamp', 'Batch'])
  expect(symbolsIn(text).filter((symbol) => !isDeclared(symbol))).toEqual([])
  expect(namesIn('`splitBatch`, `splitBath`, `split`').filter((name) => !isUsed(name))).toEqual(['splitBath'])
  expect(['Bath', 'Batch.rank', 'Batch.#order', 'Sender.order'].filter(isDeclared)).toEqual([])
})
