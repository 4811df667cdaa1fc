import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { parsePropertiesText } from '../../src/config/properties-text.js'
import { runJava } from '../support/kafka/run-java.js'
import { seededRandom } from '../support/seeded-random.js'

const TEXTS = 20_000
const pieces = ['a', 'b.c', '=', ':', ' ', '\t', '\f', '\n', '\r', '\r\n', '\\', '\\\\', '#', '!', 'é', '😀']
const escapes = ['\\n', '\\t', '\\r', '\\f', '\\=', '\\:', '\\ ', '\\#', '\\u0041', '\\u00e9', '\\q']

const hex = (text: string) => Buffer.from(text, 'utf16le').swap16().toString('hex')

it(`${TEXTS} random texts are read as java.util.Properties reads them`, async () => {
  const random = seededRandom(4)
  const all = [...pieces, ...escapes]
  const piece = () => all[Math.floor(random() * all.length)] ?? ''
  // Each text ends with a plain line: Java makes a property without a name from a lone backslash at the end.
  const texts = Array.from(
    { length: TEXTS },
    (_, i) => `${Array.from({ length: i % 30 }, piece).join('')}\nend`,
  )

  const program = fileURLToPath(new URL('../support/java-properties/LoadProperties.java', import.meta.url))
  const { stdout } = await runJava(program, '', [], { input: texts.map((text) => `${hex(text)}\n`).join('') })
  const java = stdout.toString().split('\n').slice(0, -1)
  expect(java).toHaveLength(TEXTS)

  const differing = texts.filter((text, i) => ours(text) !== java[i])
  expect(differing).toEqual([])
})

function ours(text: string): string {
  const properties = [...parsePropertiesText(text)].map(([key, value]) => `${hex(key)}=${hex(value)} `)
  return properties.sort(byKey).join('')
}

/** Java sorts by key alone. */
function byKey(a: string, b: string): number {
  const [keyA = ''] = a.split('=')
  const [keyB = ''] = b.split('=')
  return keyA < keyB ? -1 : 1
}
