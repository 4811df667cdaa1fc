import { Buffer } from 'node:buffer'
import { AuthenticationError } from '../../errors.js'
import { explainRefusal, type SaslCredentials } from './credentials.js'
import { nextSentence } from './next-sentence.js'

/** Fewer iterations make the password cheap to guess. Kafka allows no fewer. */
const MIN_ITERATIONS = 4_096
/** More iterations would let a hostile broker keep a thread of this process busy. Kafka allows 16,384. */
const MAX_ITERATIONS = 1_000_000

const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/

/** The server's first message. */
export interface ServerFirst {
  /** The client's nonce, with the server's behind it. */
  readonly nonce: string
  readonly salt: Uint8Array
  readonly iterations: number
}

/** A user name as SCRAM writes it. Kafka does not apply SASLprep, so the name is not prepared. */
export function escapedName(username: string): string {
  return username.replaceAll('=', '=3D').replaceAll(',', '=2C')
}

/**
 * Reads the server's first message (RFC 5802, section 7). It takes nothing that the grammar does not allow.
 *
 * @throws AuthenticationError that says what is wrong with it
 */
export function readServerFirst(
  message: Uint8Array,
  clientNonce: string,
  login: SaslCredentials,
): ServerFirst {
  const [nonceField = '', saltField = '', iterationsField = '', ...extensions] = fieldsOf(message)
  if (nonceField.startsWith('m=')) throw malformed('it demands an extension that this client does not know')
  if (nonceField.startsWith('e=')) throw refusal(nonceField.slice(2), login)
  const nonce = fieldValue(nonceField, 'r')
  const salt = fieldValue(saltField, 's')
  const iterations = fieldValue(iterationsField, 'i')
  for (const extension of extensions)
    if (!/^[A-Za-df-hj-ln-qt-z]=./.test(extension)) throw malformed('a field is malformed or out of order')
  if (!nonce.startsWith(clientNonce) || nonce.length === clientNonce.length || !isNonce(nonce))
    throw malformed("the nonce does not extend this client's")
  if (salt === '' || !BASE64.test(salt)) throw malformed('the salt is no base64')
  return { nonce, salt: Buffer.from(salt, 'base64'), iterations: readIterations(iterations) }
}

/**
 * Reads the server's proof out of its final message.
 *
 * @throws AuthenticationError if the message has none
 */
export function readServerFinal(message: Uint8Array, login: SaslCredentials): Uint8Array {
  const [field = '', ...extensions] = fieldsOf(message)
  if (field.startsWith('e=')) throw refusal(field.slice(2), login)
  if (!field.startsWith('v=') || extensions.some((extension) => !/^[A-Za-z]=./.test(extension)))
    throw new AuthenticationError(
      'the broker accepted the login without the proof that it knows the password: it may not be the real broker',
    )
  const verifier = field.slice(2)
  if (verifier === '' || !BASE64.test(verifier)) throw malformed("the server's proof is no base64")
  return Buffer.from(verifier, 'base64')
}

/** The fields of a message, one character for each byte. */
function fieldsOf(message: Uint8Array): string[] {
  return Buffer.from(message.buffer, message.byteOffset, message.byteLength).toString('latin1').split(',')
}

function fieldValue(field: string, name: string): string {
  if (!field.startsWith(`${name}=`)) throw malformed(`the field ${name} is missing or out of order`)
  return field.slice(2)
}

/** Printable ASCII without the comma, which `fieldsOf` has split at. */
function isNonce(text: string): boolean {
  return /^[\x21-\x7e]+$/.test(text)
}

function readIterations(text: string): number {
  if (!/^[1-9]\d{0,15}$/.test(text)) throw malformed('the number of iterations is no number')
  const iterations = Number(text)
  if (iterations < MIN_ITERATIONS)
    throw new AuthenticationError(
      `the broker wants ${iterations} SCRAM iterations, fewer than the ${MIN_ITERATIONS} that protect the password`,
    )
  if (iterations > MAX_ITERATIONS)
    throw new AuthenticationError(
      `the broker wants ${iterations} SCRAM iterations, more than the ${MAX_ITERATIONS} that this client computes`,
    )
  return iterations
}

function malformed(what: string): AuthenticationError {
  return new AuthenticationError(`the broker's SCRAM message makes no sense: ${what}`)
}

function refusal(reason: string, login: SaslCredentials): AuthenticationError {
  const known = /^[\w-]{1,64}$/.test(reason) ? reason : 'for a reason that makes no sense'
  const { hint = '' } = explainRefusal(login)
  return new AuthenticationError(`the broker refused the SCRAM login: ${known}${nextSentence(hint)}`)
}
