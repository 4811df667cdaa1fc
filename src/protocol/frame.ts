import { Buffer } from 'node:buffer'
import { ProtocolError } from '../errors.js'
import type { Api, ApiIdentity } from './api.js'
import { Reader } from './reader.js'
import { Writer } from './writer.js'

/** The key of ApiVersions. Its response header never becomes flexible, unlike those of all other APIs. */
const API_VERSIONS_KEY = 18

export interface RequestHeader {
  readonly apiKey: number
  readonly apiVersion: number
  readonly correlationId: number
  readonly clientId: string | null
}

/**
 * A whole request frame: size, header (version 1, or 2 if flexible) and body. The chunks are to be written in
 * this order in one write. Record batches are chunks of their own, by reference.
 * https://kafka.apache.org/protocol#protocol_messages
 */
export function encodeRequest<Request>(
  api: Api<Request, unknown>,
  version: number,
  correlationId: number,
  clientId: string | null,
  request: Request,
): Uint8Array[] {
  const w = new Writer(version, version >= api.flexibleFrom)
  w.int32(0) // the size, which is known at the end
  w.int16(api.key)
  w.int16(version)
  w.int32(correlationId)
  writeClassicNullableString(w, clientId)
  w.tags()
  api.writeRequest(w, request)
  return withSize(w)
}

/** A whole response frame, as a broker sends it, in chunks like a request. */
export function encodeResponse<Response>(
  api: Api<unknown, Response>,
  version: number,
  correlationId: number,
  response: Response,
): Uint8Array[] {
  const w = new Writer(version, version >= api.flexibleFrom)
  w.int32(0)
  w.int32(correlationId)
  if (api.key !== API_VERSIONS_KEY) w.tags()
  api.writeResponse(w, response)
  return withSize(w)
}

/** Reads the header of a request frame (without its size). The Reader that it returns stands at the body. */
export function decodeRequestHeader(
  frame: Buffer,
  flexibleFrom: (apiKey: number) => number | undefined,
): { readonly header: RequestHeader; readonly body: Reader } {
  const classic = new Reader(frame, 0, false)
  const apiKey = classic.int16()
  const apiVersion = classic.int16()
  const correlationId = classic.int32()
  const clientId = classic.nullableString()
  const first = flexibleFrom(apiKey)
  const flexible = first !== undefined && apiVersion >= first
  const body = new Reader(frame, apiVersion, flexible, classic.offset)
  body.tags()
  return { header: { apiKey, apiVersion, correlationId, clientId }, body }
}

/** The correlation id of a response frame (without its size). */
export function responseCorrelationId(frame: Buffer): number {
  if (frame.length < 4) throw new ProtocolError(`a response frame of ${frame.length} bytes`)
  return frame.readInt32BE(0)
}

/**
 * Decodes the response in a frame (without its size).
 *
 * @throws ProtocolError with the API, its version, and the byte at which the frame makes no sense
 */
export function decodeResponse<Response>(
  api: Api<unknown, Response>,
  version: number,
  frame: Buffer,
): Response {
  const r = new Reader(frame, version, version >= api.flexibleFrom)
  try {
    r.int32()
    if (api.key !== API_VERSIONS_KEY) r.tags()
    const response = api.readResponse(r)
    r.finish()
    return response
  } catch (error) {
    throw inMessage(api, version, 'response', error)
  }
}

/**
 * Decodes the request whose header has been read.
 *
 * @throws ProtocolError with the API, its version, and the byte at which the frame makes no sense
 */
export function decodeRequest<Request>(api: Api<Request, unknown>, body: Reader): Request {
  try {
    const request = api.readRequest(body)
    body.finish()
    return request
  } catch (error) {
    throw inMessage(api, body.version, 'request', error)
  }
}

function inMessage(api: ApiIdentity, version: number, kind: string, error: unknown): unknown {
  if (!(error instanceof ProtocolError)) return error
  return new ProtocolError(`cannot read ${api.name} v${version} ${kind}: ${error.message}`, { cause: error })
}

/**
 * The client id stays a classic string in the flexible header, so that a broker can read the start of any
 * header.
 */
function writeClassicNullableString(w: Writer, value: string | null): void {
  if (value === null) {
    w.int16(-1)
    return
  }
  const bytes = Buffer.from(value, 'utf8')
  w.int16(bytes.length)
  w.raw(bytes)
}

function withSize(w: Writer): Uint8Array[] {
  const size = w.length - 4
  const chunks = w.finish()
  const first = chunks[0] as Uint8Array
  new DataView(first.buffer, first.byteOffset, 4).setInt32(0, size)
  return chunks
}
