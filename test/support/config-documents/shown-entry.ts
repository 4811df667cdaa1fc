import type { ConfigEntry } from '../../../src/config/entry.js'

/** The default of a setting, in Markdown. */
export function shownDefault(entry: ConfigEntry): string {
  if (entry.type === 'servers') return 'none: required'
  if (entry.defaultText !== undefined) return entry.defaultText
  return `\`${JSON.stringify(entry.default).replaceAll('"', "'").replaceAll(',', ', ')}\``
}

/**
 * A note with the only values of a setting that this version supports, in Markdown; undefined if it supports
 * all.
 */
export function supportNote({ supports }: ConfigEntry): string | undefined {
  if (supports === undefined) return undefined
  if (supports.length === 0) return '**Not in this version yet.**'
  return `**This version: only ${supports.map((value) => `\`${value}\``).join(', ')}.**`
}
