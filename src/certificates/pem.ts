import { Buffer } from 'node:buffer'
import { UnreadableInput } from './unreadable-input.js'

const BEGIN = '-----BEGIN '
const DASHES = '-----'
const LINE = 64
const MAX_LABEL = 40
/** Marks a key that is encrypted in the form of RFC 1421, whose headers only OpenSSL reads. */
const OLD_ENCRYPTION = 'Proc-Type:'

/** One block of a PEM text (RFC 7468). */
export interface PemBlock {
  /** The words after BEGIN, such as `CERTIFICATE`. */
  readonly label: string
  readonly der: Buffer
  /** The block as OpenSSL reads it: without surrounding text, in lines of 64 characters. */
  readonly pem: string
}

/**
 * The blocks of a PEM text, in order. Text between the blocks is skipped. As in Java, blanks may stand for
 * line breaks, so a whole block may be on one line.
 *
 * The scan is linear: the first block that does not end stops it.
 *
 * @throws UnreadableInput if a block has no end, or is no base64
 */
export function pemBlocks(text: string): PemBlock[] {
  const blocks: PemBlock[] = []
  let at = text.indexOf(BEGIN)
  while (at !== -1) {
    const labelAt = at + BEGIN.length
    const labelEnd = text.slice(labelAt, labelAt + MAX_LABEL + DASHES.length).indexOf(DASHES)
    const number = blocks.length + 1
    if (labelEnd === -1) throw new UnreadableInput(`has a BEGIN without the kind of block ${number}`)
    const label = text.slice(labelAt, labelAt + labelEnd)
    const bodyAt = labelAt + labelEnd + DASHES.length
    const ending = `-----END ${label}-----`
    const bodyEnd = text.indexOf(ending, bodyAt)
    if (bodyEnd === -1) throw new UnreadableInput(`has no END of block ${number}: it is cut off`)
    blocks.push(block(label, text.slice(bodyAt, bodyEnd), number))
    at = text.indexOf(BEGIN, bodyEnd + ending.length)
  }
  return blocks
}

/** Bytes as a PEM block. */
export function pemOf(label: string, der: Uint8Array): string {
  const base64 = Buffer.from(der).toString('base64')
  const lines: string[] = []
  for (let at = 0; at < base64.length; at += LINE) lines.push(base64.slice(at, at + LINE))
  return `${BEGIN}${label}-----\n${lines.join('\n')}\n-----END ${label}-----\n`
}

function block(label: string, body: string, number: number): PemBlock {
  if (body.includes(OLD_ENCRYPTION)) return { label, der: Buffer.alloc(0), pem: withItsLines(label, body) }
  const base64 = withoutBlanks(body)
  if (base64 === null) throw new UnreadableInput(`has a block ${number} that is no base64`)
  const der = Buffer.from(base64, 'base64')
  return { label, der, pem: pemOf(label, der) }
}

function withItsLines(label: string, body: string): string {
  const lines = body.split('\n').map((line) => line.trim())
  return `${BEGIN}${label}-----${lines.join('\n')}-----END ${label}-----\n`
}

/** The base64 text without blanks; null if it has any other character, or a wrong length. */
function withoutBlanks(body: string): string | null {
  const words = body.split(/[ \t\r\n]/)
  const base64 = words.join('')
  let digits = base64.length
  while (digits > 0 && base64.charCodeAt(digits - 1) === 0x3d) digits -= 1
  if (digits === 0 || base64.length % 4 !== 0 || base64.length - digits > 2) return null
  for (let i = 0; i < digits; i++) if (!isBase64(base64.charCodeAt(i))) return null
  return base64
}

function isBase64(code: number): boolean {
  const isLetter = (code >= 0x41 && code <= 0x5a) || (code >= 0x61 && code <= 0x7a)
  return isLetter || (code >= 0x2f && code <= 0x39) || code === 0x2b
}
