import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { parsePropertiesText } from '../../src/producer/config/properties-text.js'
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
  // The last line is a plain one: of a lone backslash at the end of a text Java makes a property without a name.
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

/** Java sorts the keys without what follows them. */
function byKey(a: string, b: string): number {
  const [keyA = ''] = a.split('=')
  const [keyB = ''] = b.split('=')
  return keyA < keyB ? -1 : 1
}
