import { describe, expect, it } from 'vitest'
import type { ConfigEntry } from '../../src/config/entry.js'
import { findForeignKey, ignoredJavaKeys, refusedJavaKeys } from '../../src/config/foreign-keys.js'
import { configTable, isConfigKey, keyOfDottedName } from '../../src/config/table.js'
import { explainKey } from '../../src/config/unknown-key.js'
import { listClientKeys } from '../support/kafka/client-keys/list-client-keys.js'
import {
  describeProducerConfig,
  type JavaConfig,
} from '../support/kafka/producer-config/describe-producer-config.js'

/** Settings of another type than in Java, and so with another default: classes and lists of brokers. */
const otherKind = [
  'bootstrap.servers',
  'client.id',
  'interceptor.classes',
  'key.serializer',
  'partitioner.class',
  'sasl.oauthbearer.jwt.retriever.class',
  'sasl.oauthbearer.jwt.validator.class',
  'value.serializer',
]

/** Settings whose default or range differs on purpose. The table says why. */
const differing = [
  'enable.metrics.push',
  'sasl.login.connect.timeout.ms',
  'sasl.login.read.timeout.ms',
  'socket.connection.setup.timeout.max.ms',
  'socket.connection.setup.timeout.ms',
  'transaction.timeout.ms',
]

const java = await describeProducerConfig()

describe("Kafka's producer configs", () => {
  it('are all in the table, or listed as without a meaning here', () => {
    expect(java.length).toBeGreaterThan(100)
    const missing = java
      .map(({ name }) => name)
      .filter((name) => keyOfDottedName(configTable, name) === undefined)
      .filter((name) => findForeignKey([...ignoredJavaKeys, ...refusedJavaKeys], name, false) === undefined)
    expect(missing).toEqual([])
  })

  it('include every setting of the table', () => {
    const names = new Set(java.map(({ name }) => name))
    const made = Object.values(configTable).map(({ javaName }) => javaName)
    expect(made.filter((name) => name !== null && !names.has(name))).toEqual([])
  })

  it('have the defaults, ranges and importance of the table', () => {
    const different = inTable().filter(({ entry, config }) => {
      const isSame = otherKind.includes(config.name) || fromTable(entry) === fromJava(config)
      return !isSame || entry.importance !== config.importance.toLowerCase()
    })
    expect(different.map(({ config }) => config.name).sort()).toEqual(differing)
    for (const { entry } of different) expect(entry.difference).toBeTypeOf('string')
  })
})

describe("the keys of Kafka's other clients", () => {
  it('are ignored by fromProperties with a reason', async () => {
    const keys = (await listClientKeys()).filter(
      ({ key }) =>
        keyOfDottedName(configTable, key) === undefined &&
        findForeignKey([...ignoredJavaKeys, ...refusedJavaKeys], key, false) === undefined,
    )
    expect(keys.length).toBeGreaterThan(300)
    const unexplained = keys.filter(({ key }) => explainKey(key, 'dotted', configTable).kind === 'unknown')
    expect(unexplained).toEqual([])
    for (const owner of ["Kafka's consumers", "Kafka's admin clients", "Kafka's brokers", 'Kafka Connect']) {
      const own = keys.filter((one) => one.owner === owner)
      const told = own.filter(({ key }) => {
        const unknown = explainKey(key, 'dotted', configTable)
        return unknown.kind === 'foreign' && unknown.reason === `it is a setting of ${owner}`
      })
      // Some keys have several owners.
      expect(told.length, owner).toBeGreaterThan(own.length * 0.8)
    }
  })
})

function inTable(): { entry: ConfigEntry; config: JavaConfig }[] {
  return java.flatMap((config) => {
    const key = keyOfDottedName(configTable, config.name)
    return key === undefined || !isConfigKey(key) ? [] : [{ entry: configTable[key], config }]
  })
}

/** An entry in Java's notation for types, defaults and validators. */
function fromTable(entry: ConfigEntry): string {
  switch (entry.type) {
    case 'int':
    case 'long':
    case 'double': {
      const end = entry.max === undefined ? '' : `,${entry.max}`
      const range = entry.min === undefined ? 'null' : `[${entry.min},...${end}]`
      return `${entry.type} ${entry.default} ${range}${entry.orElse === undefined ? '' : ` or ${entry.orElse}`}`
    }
    case 'choice':
      return `string ${entry.default} ${[...entry.values].sort()}${entry.anyCaseInProperties ? ' in any case' : ''}`
    case 'acks':
      return `string ${entry.default} -1,0,1,all`
    case 'list':
      return `list ${entry.default ?? ''}`
    case 'boolean':
      return `boolean ${entry.default} null`
    case 'string':
    case 'password':
      return `${entry.type} ${entry.default} ${entry.nonEmpty ? 'non-empty string' : 'null'}`
    default:
      return entry.type
  }
}

/** The same for Java's own entry. A thing that Java writes in two ways is written in one. */
function fromJava({ type, defaultValue, validator }: JavaConfig): string {
  switch (type) {
    case 'SHORT':
    case 'INT':
    case 'LONG':
    case 'DOUBLE': {
      const name = type === 'SHORT' ? 'int' : type.toLowerCase()
      // The largest int is no bound of its own, and Java prints a double with `.0`.
      const range = validator.replace(',2147483647]', ']').replace(/(\d)\.0\b/g, '$1')
      return `${name} ${defaultValue} ${range}`
    }
    case 'LIST':
      return `list ${defaultValue === 'null' ? '' : defaultValue.replace(/^\[|\]$/g, '').replaceAll(', ', ',')}`
    case 'STRING': {
      const choices = /^(\(case insensitive\) )?\[(.*)\]$/.exec(validator)
      if (choices === null) return `string ${defaultValue} ${validator}`
      const isAnyCase = choices[1] !== undefined
      // Kafka prints these values in capitals and accepts them in any case.
      const isLower = isAnyCase && defaultValue === defaultValue.toLowerCase()
      const values = (choices[2] ?? '').split(', ').map((value) => (isLower ? value.toLowerCase() : value))
      return `string ${defaultValue} ${values.sort()}${isAnyCase ? ' in any case' : ''}`
    }
    default:
      return `${type.toLowerCase()} ${defaultValue} ${validator}`
  }
}
