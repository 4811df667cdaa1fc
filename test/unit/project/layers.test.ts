import { posix } from 'node:path'
import { describe, expect, it } from 'vitest'
import { filesUnder, importsOf, layerOf, read, withoutComments } from './tree.js'

/** What each layer of src may import besides itself. A layer that is missing here fails the first test. */
const mayImport: Readonly<Record<string, readonly string[]>> = {
  foundation: [],
  environment: ['foundation'],
  protocol: ['foundation'],
  network: ['foundation', 'environment', 'protocol'],
  producer: ['foundation', 'environment', 'protocol', 'network'],
  admin: ['foundation', 'environment', 'protocol', 'network', 'producer'],
  testing: ['foundation', 'environment', 'protocol'],
  cli: ['foundation', 'environment', 'protocol', 'network', 'producer', 'admin', 'testing', 'index'],
  index: ['foundation', 'environment', 'protocol', 'network', 'producer', 'admin'],
}

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

/** `src/network/connection.ts imports src/producer/sender.ts` for every import that goes against the layers. */
function wrongImports(path: string, source: string): string[] {
  const layer = layerOf(path)
  const allowed = [layer, ...(mayImport[layer] ?? [])]
  return importsOf(source)
    .filter((specifier) => specifier.startsWith('.'))
    .map((specifier) => posix.join(posix.dirname(path), specifier).replace(/\.js$/, '.ts'))
    .filter((target) => !target.startsWith('src/') || !allowed.includes(layerOf(target)))
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
  it('are all named here', () => {
    expect(sources.length).toBeGreaterThan(10)
    expect([...new Set(sources.map(layerOf))].filter((layer) => mayImport[layer] === undefined)).toEqual([])
  })

  it('import one way only', () => {
    expect(sources.flatMap((path) => wrongImports(path, read(path)))).toEqual([])
  })

  it('reach the outside world through src/environment', () => {
    expect(sources.flatMap((path) => outsideUses(path, read(path)))).toEqual([])
  })

  it('would be reported if they did not', () => {
    const upward =
      "import { a } from '../environment/clock.js'\nimport type { B } from '../producer/batch.js'\n"
    expect(wrongImports('src/network/x.ts', upward)).toEqual([
      'src/network/x.ts imports src/producer/batch.ts',
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
