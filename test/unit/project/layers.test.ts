import { posix } from 'node:path'
import { describe, expect, it } from 'vitest'
import { mayImport, rooms } from './layer-order.js'
import { filesUnder, importsOf, layerOf, read, withoutComments } from './tree.js'

/** What reaches outside the process, or makes two runs differ, and the layers that may. */
const outsideWorld = [
  {
    what: 'sockets and name resolution',
    layers: ['environment', 'testing'],
    modules: /^(?:node:)?(?:net|tls|dns|dns\/promises|dgram|http|https|http2)$/,
    code: /(?<![.\w#])fetch\(/,
  },
  {
    what: 'compression',
    // Those two read what a producer has written.
    layers: ['environment', 'testing', 'cli'],
    modules: /^(?:node:)?zlib$|^(?:snappyjs|lz4js)$/,
    code: /\b(?:De)?[Cc]ompressionStream\b/,
  },
  {
    what: 'time, timers and randomness',
    layers: ['environment', 'cli'],
    modules: /^(?:node:)?(?:timers|timers\/promises|perf_hooks)$/,
    code: /\bDate\.now\b|\bnew Date\(\)|\bperformance\.now\b|\bprocess\.hrtime\b|(?<![.\w#])set(?:Timeout|Interval|Immediate)\b|\bMath\.random\b|\brandom(?:Bytes|UUID|Int)\b|\bgetRandomValues\b/,
  },
] as const

const sources = filesUnder('src').filter((path) => path.endsWith('.ts') && !path.endsWith('.d.ts'))

/**
 * `src/network/connection/connection.ts imports src/producer/sender/sender.ts` for every import that goes
 * against the layers.
 */
function wrongImports(path: string, source: string): string[] {
  const layer = layerOf(path)
  const allowed = [layer, ...(mayImport[layer] ?? [])]
  return importsOf(source)
    .filter((specifier) => specifier.startsWith('.'))
    .map((specifier) => posix.join(posix.dirname(path), specifier).replace(/\.js$/, '.ts'))
    .filter((target) => !target.startsWith('src/') || !allowed.includes(layerOf(target)))
    .map((target) => `${path} imports ${target}`)
}

/** The room that a file of a layer with rooms is in; undefined if it is in none that is named. */
function roomOf(path: string): string | undefined {
  const [, layer = '', room = ''] = path.split('/')
  return rooms[layer]?.find((name) => name === room)
}

/**
 * `src/producer/accumulator/batch.ts imports src/producer/sender/sender.ts` for every import from a lower
 * room of a higher one.
 */
function upwardImports(path: string, source: string): string[] {
  const layer = layerOf(path)
  const order = rooms[layer]
  if (order === undefined) return []
  const floorOf = (file: string): number => order.indexOf(roomOf(file) ?? '')
  return importsOf(source)
    .filter((specifier) => specifier.startsWith('.'))
    .map((specifier) => posix.join(posix.dirname(path), specifier).replace(/\.js$/, '.ts'))
    .filter((target) => layerOf(target) === layer && floorOf(target) > floorOf(path))
    .map((target) => `${path} imports ${target}`)
}

function outsideUses(path: string, source: string): string[] {
  const code = withoutComments(source)
  return outsideWorld
    .filter(({ layers }) => !layers.some((layer) => layer === layerOf(path)))
    .flatMap(({ what, modules, code: pattern }) => {
      const imported = importsOf(source).filter((specifier) => modules.test(specifier))
      const used = pattern.exec(code)?.[0]
      return [...imported, ...(used === undefined ? [] : [used])].map(
        (use) => `${path} uses ${use} (${what})`,
      )
    })
}

describe('the layers of src', () => {
  it('are all named', () => {
    expect(sources.length).toBeGreaterThan(10)
    expect([...new Set(sources.map(layerOf))].filter((layer) => mayImport[layer] === undefined)).toEqual([])
  })

  it('import one way only', () => {
    expect(sources.flatMap((path) => wrongImports(path, read(path)))).toEqual([])
  })

  it('have rooms, which are all named', () => {
    const roomless = sources.filter(
      (path) => rooms[layerOf(path)] !== undefined && roomOf(path) === undefined,
    )
    expect(roomless).toEqual([])
  })

  it('import one way between their rooms too', () => {
    expect(sources.flatMap((path) => upwardImports(path, read(path)))).toEqual([])
    expect(
      upwardImports('src/producer/accumulator/x.ts', "import type { A } from '../sender/sender.js'"),
    ).toEqual(['src/producer/accumulator/x.ts imports src/producer/sender/sender.ts'])
    expect(upwardImports('src/producer/sender/x.ts', "import { A } from '../accumulator/batch.js'")).toEqual(
      [],
    )
    expect(upwardImports('src/network/connect/x.ts', "import { A } from '../cluster.js'")).toHaveLength(1)
  })

  it('reach the outside world through src/environment', () => {
    expect(sources.flatMap((path) => outsideUses(path, read(path)))).toEqual([])
  })

  it('would be reported if they did not', () => {
    const upward =
      "import { a } from '../environment/clock.js'\nimport type { B } from '../producer/record.js'\n"
    expect(wrongImports('src/network/x.ts', upward)).toEqual([
      'src/network/x.ts imports src/producer/record.ts',
    ])
    expect(wrongImports('src/protocol/x.ts', "export * from '../network/a.js'")).toHaveLength(1)
    expect(wrongImports('src/errors.ts', "import { a } from './protocol/api.js'")).toHaveLength(1)
    expect(wrongImports('src/producer/x.ts', "await import('../cli/main.js')")).toHaveLength(1)
    expect(wrongImports('src/producer/x.ts', "import '../../test/support/a.js'")).toHaveLength(1)

    const world = "import { createConnection } from 'node:net'\nconst a = Date.now()\nsetTimeout(() => 1, 2)"
    expect(outsideUses('src/network/x.ts', world)).toEqual([
      'src/network/x.ts uses node:net (sockets and name resolution)',
      'src/network/x.ts uses Date.now (time, timers and randomness)',
    ])
    expect(outsideUses('src/producer/x.ts', 'const at = Math.random')).toHaveLength(1)
    expect(outsideUses('src/producer/x.ts', "const answer = await fetch('http://a')")).toHaveLength(1)
    expect(outsideUses('src/producer/x.ts', "import { gzip } from 'node:zlib'")).toHaveLength(1)
    expect(outsideUses('src/environment/x.ts', world)).toEqual([])
  })

  it('are judged by their code, not by their comments', () => {
    const talk =
      '// Date.now() is for others\n/* setTimeout(f) */ const url = "http://a/b" // Math.random()\n'
    expect(outsideUses('src/producer/x.ts', talk)).toEqual([])
    expect(outsideUses('src/producer/x.ts', "const url = 'http://a'; setImmediate(f)")).toHaveLength(1)
    expect(outsideUses('src/producer/x.ts', 'socket.setTimeout(5); await this.#fetch(1)')).toEqual([])
  })
})
