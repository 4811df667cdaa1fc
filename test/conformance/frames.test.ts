import { expect, it } from 'vitest'
import {
  decodeRequest,
  decodeRequestHeader,
  decodeResponse,
  encodeRequest,
  encodeResponse,
  responseCorrelationId,
} from '../../src/protocol/frame.js'
import { describeWithKafkaJars } from '../support/kafka/describe-with-jars.js'
import { SeededRandom } from '../support/random.js'
import { kafkaSchemas, schemaNamed } from '../support/schema/kafka-schemas.js'
import { encodeMessage } from '../support/schema/naive-encoder.js'
import { type AnyApi, ourApis } from '../support/schema/our-apis.js'
import { toOurForm } from '../support/schema/our-form.js'
import { randomMessage } from '../support/schema/random-message.js'

const API_VERSIONS_KEY = 18

const apis = await ourApis()
const flexibleFrom = (apiKey: number) => apis.find((api) => api.key === apiKey)?.flexibleFrom

await describeWithKafkaJars('a frame', async () => {
  const schemas = await kafkaSchemas()
  const versions = apis.flatMap((api) => {
    const [lowest, highest] = api.versions
    return Array.from({ length: highest - lowest + 1 }, (_, i) => ({ api, version: lowest + i }))
  })

  it('of a request is the size, the header of its version and the body', () => {
    const random = new SeededRandom(1)
    for (const { api, version } of versions) {
      const { value, body } = example(api, version, 'Request', random)
      const clientId = random.pick([null, '', 'client', 'größer', 'c'.repeat(600)])
      const correlationId = random.pick([0, 1, 2 ** 31 - 1])
      const header = encodeMessage(
        schemaNamed(schemas, 'RequestHeader'),
        version >= api.flexibleFrom ? 2 : 1,
        {
          RequestApiKey: api.key,
          RequestApiVersion: version,
          CorrelationId: correlationId,
          ClientId: clientId,
        },
      )
      const frame = Buffer.concat(encodeRequest(api, version, correlationId, clientId, value))
      expect(frame.toString('hex')).toBe(framed(header, body).toString('hex'))

      const request = decodeRequestHeader(frame.subarray(4), flexibleFrom)
      expect(request.header).toEqual({ apiKey: api.key, apiVersion: version, correlationId, clientId })
      expect(decodeRequest(api, request.body)).toEqual(value)
    }
  })

  it('of a response is the size, the header and the body; the header of ApiVersions is never flexible', () => {
    const random = new SeededRandom(2)
    for (const { api, version } of versions) {
      const { value, body } = example(api, version, 'Response', random)
      const flexible = version >= api.flexibleFrom && api.key !== API_VERSIONS_KEY
      const schema = schemaNamed(schemas, 'ResponseHeader')
      const header = encodeMessage(schema, flexible ? 1 : 0, { CorrelationId: 77 })
      const frame = Buffer.concat(encodeResponse(api, version, 77, value))
      expect(frame.toString('hex')).toBe(framed(header, body).toString('hex'))
      expect(responseCorrelationId(frame.subarray(4))).toBe(77)
      expect(decodeResponse(api, version, frame.subarray(4))).toEqual(value)
    }
  })

  function example(api: AnyApi, version: number, kind: 'Request' | 'Response', random: SeededRandom) {
    const schema = schemaNamed(schemas, `${api.name}${kind}`)
    const message = randomMessage(random, schema, version)
    const ours = { from: api.versions[0], to: api.versions[1] }
    return { value: toOurForm(schema, ours, message), body: encodeMessage(schema, version, message) }
  }
})

function framed(header: Buffer, body: Buffer): Buffer {
  const size = Buffer.alloc(4)
  size.writeInt32BE(header.length + body.length)
  return Buffer.concat([size, header, body])
}
