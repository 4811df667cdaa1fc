import { readFile } from 'node:fs/promises'
import { kafkaDistribution } from '../kafka/distribution.js'
import { unzip } from '../zip.js'
import { type MessageSchema, parseMessageSchema } from './message-schema.js'

const schemaFile = /^common\/message\/(\w+)\.json$/

/** The schemas of all messages by name, such as `ProduceRequest`, from Kafka's client jar. */
export async function kafkaSchemas(): Promise<ReadonlyMap<string, MessageSchema>> {
  const { clientsJar } = await kafkaDistribution()
  const files = unzip(await readFile(clientsJar), (name) => schemaFile.test(name))
  const schemas = [...files.values()].map((file) => parseMessageSchema(file.toString('utf8')))
  return new Map(schemas.map((schema) => [schema.name, schema]))
}

/** The schema of that name; one that is missing is an error. */
export function schemaNamed(schemas: ReadonlyMap<string, MessageSchema>, name: string): MessageSchema {
  const schema = schemas.get(name)
  if (schema === undefined) throw new Error(`Kafka has no message ${name}`)
  return schema
}
