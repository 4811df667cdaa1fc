import { describe, expect, it } from 'vitest'
import type { ConfigEntry } from '../../src/producer/config/entry.js'
import { findForeignKey, ignoredJavaKeys, refusedJavaKeys } from '../../src/producer/config/foreign-keys.js'
import { configTable } from '../../src/producer/config/table.js'
import { keyOfJavaName } from '../../src/producer/config/unknown-key.js'
import {
  describeProducerConfig,
  type JavaConfig,
} from '../support/kafka/producer-config/describe-producer-config.js'

/** What is another thing here than in Java, and so has another default: classes and lists of brokers. */
const otherKind = [
  'bootstrap.servers',
  'client.id',
  'interceptor.classes',
  'key.serializer',
  'partitioner.class',
  'value.serializer',
]

/** Where a default or a range is meant to differ; the table says why. */
const differing = [
  'enable.metrics.push',
  'socket.connection.setup.timeout.max.ms',
  'socket.connection.setup.timeout.ms',
  'transaction.timeout.ms',
]

const java = await describeProducerConfig()

describe("Kafka's producer configs", () => {
  it('are all in the table, or known to mean nothing here', () => {
    expect(java.length).toBeGreaterThan(100)
    const missing = java
      .map(({ name }) => name)
      .filter((name) => keyOfJavaName(name) === undefined)
      .filter((name) => findForeignKey([...ignoredJavaKeys, ...refusedJavaKeys], name, false) === undefined)
    expect(missing).toEqual([])
  })

  it('include every one that the table has', () => {
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

function inTable(): { entry: ConfigEntry; config: JavaConfig }[] {
  return java.flatMap((config) => {
    const key = keyOfJavaName(config.name)
    return key === undefined ? [] : [{ entry: configTable[key], config }]
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

/** The same of Java's own, with what is written in two ways written in one. */
function fromJava({ type, defaultValue, validator }: JavaConfig): string {
  switch (type) {
    case 'SHORT':
    case 'INT':
    case 'LONG':
    case 'DOUBLE': {
      const name = type === 'SHORT' ? 'int' : type.toLowerCase()
      // An int goes no further anyway; a double has its zeros.
      const range = validator.replace(',2147483647]', ']').replace(/(\d)\.0\b/g, '$1')
      return `${name} ${defaultValue} ${range}`
    }
    case 'LIST':
      return `list ${defaultValue === 'null' ? '' : defaultValue.replace(/^\[|\]$/g, '').replaceAll(', ', ',')}`
    case 'STRING': {
      const choices = /^(\(case insensitive\) )?\[(.*)\]$/.exec(validator)
      if (choices === null) return `string ${defaultValue} ${validator}`
      const isAnyCase = choices[1] !== undefined
      // Kafka prints these in capitals and takes them in any case.
      const isLower = isAnyCase && defaultValue === defaultValue.toLowerCase()
      const values = (choices[2] ?? '').split(', ').map((value) => (isLower ? value.toLowerCase() : value))
      return `string ${defaultValue} ${values.sort()}${isAnyCase ? ' in any case' : ''}`
    }
    default:
      return `${type.toLowerCase()} ${defaultValue} ${validator}`
  }
}
