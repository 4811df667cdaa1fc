import type { Buffer } from 'node:buffer'
import { StringDecoder } from 'node:string_decoder'

const SHOWN_BYTES = 80
/** The first of Unicode's pictures of ASCII control characters. */
const CONTROL_PICTURES = 0x2400
const PICTURE_OF_DELETE = '\u2421'
const REPLACEMENT = '\ufffd'

/**
 * The beginning of a line. Control characters could act on a terminal, so pictures of them are shown, except
 * for a tab.
 */
export function shown(line: Buffer): string {
  // The decoder leaves out half a character at the end.
  const text = new StringDecoder('utf8').write(line.subarray(0, SHOWN_BYTES))
  const harmless = text.replaceAll(/[^\P{Cc}\t]/gu, picture)
  return `'${harmless}'${line.length > SHOWN_BYTES ? '...' : ''}`
}

function picture(control: string): string {
  const code = control.charCodeAt(0)
  if (code < 0x20) return String.fromCharCode(CONTROL_PICTURES + code)
  return code === 0x7f ? PICTURE_OF_DELETE : REPLACEMENT
}
