import { ConfigError } from '../errors.js'
import { nearestName } from '../nearest-name.js'
import type { ConfigEntries } from './entry.js'
import {
  findForeignKey,
  ignoredJavaKeys,
  isNameOf,
  refusedJavaKeys,
  replacedInPrograms,
  replacedKeys,
} from './foreign-keys.js'
import { otherClientsKeys } from './other-clients-keys.js'
import { dottedName, keyOfDottedName } from './table.js'
import { isUsable } from './unsupported.js'
import { shortened } from './words.js'

/** How the keys of a source are spelled: as in a config object, or as in a `.properties` file. */
export type Spelling = 'camelCase' | 'dotted'

/** What is known about a key that is not in a table. */
export type UnknownKey =
  /** A key of Kafka or of a library around it, without a meaning here. */
  | { readonly kind: 'foreign'; readonly reason: string }
  /**
   * A key that Kafka has removed, or another client's name for our setting `key`. `inPrograms` is the other
   * way to say it in a program; null if there is none.
   */
  | { readonly kind: 'replaced'; readonly key: string; readonly inPrograms: string | null }
  /** A key that nobody knows. `key` is our key with the most similar name, if there is one. */
  | { readonly kind: 'unknown'; readonly key: string | null }

export function explainKey(name: string, spelling: Spelling, table: ConfigEntries): UnknownKey {
  const foreign = findForeignKey(
    [...refusedJavaKeys, ...ignoredJavaKeys, ...otherClientsKeys],
    name,
    spelling === 'camelCase',
  )
  if (foreign !== undefined) return { kind: 'foreign', reason: foreign.reason }
  for (const [old, key] of replacedKeys) {
    if (isNameOf(old, name) && Object.hasOwn(table, key)) {
      return { kind: 'replaced', key, inPrograms: replacedInPrograms.get(old) ?? null }
    }
  }
  const known = new Map<string, string>()
  for (const key of Object.keys(table)) {
    const spelled = spell(key, spelling, table)
    if (spelled !== null) known.set(spelled, key)
  }
  const nearest = nearestName(name, [...known.keys()])
  return { kind: 'unknown', key: nearest === null ? null : (known.get(nearest) ?? null) }
}

/** Advice for an unknown key, as the end of a sentence; empty if there is none. */
export function adviceFor(unknown: UnknownKey, spelling: Spelling, table: ConfigEntries): string {
  if (unknown.kind === 'foreign') return unknown.reason
  const { key } = unknown
  const spelled = key === null ? null : spell(key, spelling, table)
  if (key === null || spelled === null) return ''
  const note = supportNote(key, table)
  if (unknown.kind === 'unknown') return `did you mean ${spelled}${note}?`
  const inPrograms = unknown.inPrograms === null ? '' : `, or ${unknown.inPrograms} in a program,`
  return `use ${spelled}${inPrograms} instead${note}`
}

/** Says that this version does not support the suggested setting. */
function supportNote(key: string, table: ConfigEntries): string {
  const entry = table[key]
  return entry === undefined || isUsable(entry) ? '' : ' (which this version does not support yet)'
}

/** The error for an unknown key of a config object. It suggests the key that was probably meant. */
export function unknownKey(name: string, table: ConfigEntries): ConfigError {
  const ours = keyOfDottedName(table, name)
  if (ours === undefined) return refusal(name, 'camelCase', table)
  const here = `here it is ${ours}${supportNote(ours, table)}`
  return new ConfigError(name, `unknown config key '${name}': ${here}; fromProperties takes Java's names`)
}

/** The error for a key that is not in a table. */
export function refusal(name: string, spelling: Spelling, table: ConfigEntries): ConfigError {
  const unknown = explainKey(name, spelling, table)
  const advice = adviceFor(unknown, spelling, table)
  const shown = shortened(name)
  if (unknown.kind === 'foreign') {
    return new ConfigError(name, `config key '${shown}' has no meaning here: ${advice}`)
  }
  return new ConfigError(name, `unknown config key '${shown}'${advice === '' ? '' : `: ${advice}`}`)
}

function spell(key: string, spelling: Spelling, table: ConfigEntries): string | null {
  const entry = table[key]
  if (spelling === 'camelCase' || entry === undefined) return key
  return dottedName(entry)
}
