import { isDeepStrictEqual } from 'node:util'
import { expect, it } from 'vitest'
import { Reader } from '../../src/protocol/reader.js'
import { Writer } from '../../src/protocol/writer.js'
import { describeWithKafkaJars } from '../support/kafka/describe-with-jars.js'
import { SeededRandom } from '../support/random.js'
import { kafkaSchemas, schemaNamed } from '../support/schema/kafka-schemas.js'
import { includes, type MessageSchema } from '../support/schema/message-schema.js'
import type { StructValue } from '../support/schema/message-value.js'
import { decodeMessage } from '../support/schema/naive-decoder.js'
import { encodeMessage, type UnknownTags } from '../support/schema/naive-encoder.js'
import { type AnyApi, ourApis } from '../support/schema/our-apis.js'
import { toOurForm } from '../support/schema/our-form.js'
import { randomMessage, randomOverfullMessage } from '../support/schema/random-message.js'

const VALUES_PER_VERSION = 1_000

const apis = await ourApis()

/** One message of an API, the request or the response. */
interface Message {
  readonly schema: MessageSchema
  write(w: Writer, value: unknown): void
  read(r: Reader): unknown
}

function messagesOf(api: AnyApi, schemas: ReadonlyMap<string, MessageSchema>): readonly Message[] {
  return [
    {
      schema: schemaNamed(schemas, `${api.name}Request`),
      write: (w, value) => api.writeRequest(w, value),
      read: (r) => api.readRequest(r),
    },
    {
      schema: schemaNamed(schemas, `${api.name}Response`),
      write: (w, value) => api.writeResponse(w, value),
      read: (r) => api.readResponse(r),
    },
  ]
}

await describeWithKafkaJars("Kafka's own schemas", async () => {
  const schemas = await kafkaSchemas()
  const cases = apis.flatMap((api) =>
    messagesOf(api, schemas).map((message) => ({ name: message.schema.name, api, message })),
  )

  it.each(cases)('$name: Kafka has our versions, and the same of them are flexible', ({ api, message }) => {
    const { schema } = message
    const [lowest, highest] = api.versions
    if (schema.name.endsWith('Request')) expect(schema.apiKey).toBe(api.key)
    expect(includes(schema.validVersions, lowest)).toBe(true)
    expect(includes(schema.validVersions, highest)).toBe(true)
    expect(api.flexibleFrom).toBe(schema.flexibleVersions.from)
  })

  it.each(apis)("$name: our newest version is Kafka's newest", ({ name, versions }) => {
    expect(versions[1]).toBe(schemaNamed(schemas, `${name}Request`).newestStableVersion)
  })

  it.each(cases)('$name: our bytes are those of the schema', ({ api, message }) => {
    const [lowest, highest] = api.versions
    for (let version = lowest; version <= highest; version++) {
      const seed = api.key * 1_000 + version * 10 + (message.schema.name.endsWith('Request') ? 0 : 1)
      const random = new SeededRandom(seed)
      for (let i = 0; i < VALUES_PER_VERSION; i++) {
        const value = randomMessage(random, message.schema, version)
        const difference = firstDifference(api, message, version, value, random)
        if (difference !== undefined) expect.fail(`v${version}, seed ${seed}, value ${i}: ${difference}`)
      }
    }
  })

  it.each(cases)(
    '$name: fields that a version does not have are left out',
    ({ api, message: { schema, write } }) => {
      const [lowest, highest] = api.versions
      const random = new SeededRandom(api.key)
      for (let version = lowest; version <= highest; version++) {
        for (let i = 0; i < 50; i++) {
          const value = randomOverfullMessage(random, schema, version)
          const w = new Writer(version, version >= api.flexibleFrom)
          write(w, toOurForm(schema, { from: lowest, to: highest }, value))
          const expected = encodeMessage(schema, version, value).toString('hex')
          expect(Buffer.concat(w.finish()).toString('hex'), `v${version}`).toBe(expected)
        }
      }
    },
  )
})

it('the compared APIs include every API of a producer', () => {
  const names = apis.map((api) => api.name)
  expect(names).toEqual(
    expect.arrayContaining(['Produce', 'Metadata', 'ApiVersions', 'InitProducerId', 'CreateTopics']),
  )
  expect(new Set(apis.map((api) => api.key)).size).toBe(apis.length)
})

/** Compares the bytes that both sides write and the values that both sides read. Undefined: no difference. */
function firstDifference(
  api: AnyApi,
  { schema, write, read }: Message,
  version: number,
  value: StructValue,
  random: SeededRandom,
): string | undefined {
  const flexible = version >= api.flexibleFrom
  const ourValue = toOurForm(schema, { from: api.versions[0], to: api.versions[1] }, value)

  const expected = encodeMessage(schema, version, value)
  const w = new Writer(version, flexible)
  write(w, ourValue)
  const written = Buffer.concat(w.finish())
  if (!written.equals(expected)) {
    return `wrote ${written.toString('hex')} instead of ${expected.toString('hex')} for ${show(ourValue)}`
  }
  if (!isDeepStrictEqual(decodeMessage(schema, version, written), value)) {
    return `the schema reads our bytes as something else than ${show(ourValue)}`
  }

  const fromNewerBroker = encodeMessage(schema, version, value, unknownTags(random))
  for (const bytes of [expected, fromNewerBroker]) {
    const r = new Reader(bytes, version, flexible)
    const back = read(r)
    r.finish()
    if (!isDeepStrictEqual(back, ourValue)) {
      return `read ${show(back)} instead of ${show(ourValue)} from ${bytes.toString('hex')}`
    }
  }
  return undefined
}

/** Unknown tags in one struct of three, with numbers far above those in use. */
function unknownTags(random: SeededRandom): UnknownTags {
  return () => (random.oneIn(3) ? [[random.integer(1_000, 2 ** 31), random.bytes(random.integer(0, 9))]] : [])
}

function show(value: unknown): string {
  return JSON.stringify(value, (_, inner: unknown) => (typeof inner === 'bigint' ? `${inner}n` : inner))
}
