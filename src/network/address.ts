import { types } from 'node:util'

/** `host:port`. An IPv6 address gets its brackets. */
export function formatAddress(host: string, port: number): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`
}

/** Whether a server could listen there. A cluster may advertise an address to which nobody can connect. */
export function isAddress(host: string, port: number): boolean {
  return host !== '' && port > 0 && port <= 65_535
}

/** The host without brackets. A broker may be configured to advertise an IPv6 address in brackets. */
export function withoutBrackets(host: string): string {
  return host.startsWith('[') && host.endsWith(']') ? host.slice(1, -1) : host
}

const meanings: ReadonlyMap<string, string> = new Map([
  ['ECONNREFUSED', 'connection refused: nothing listens there'],
  ['ECONNRESET', 'connection reset by the other side'],
  ['EPIPE', 'connection closed by the other side'],
  ['ETIMEDOUT', 'no answer from the network'],
  ['EHOSTUNREACH', 'no route to the host'],
  ['ENETUNREACH', 'no route to the network'],
  ['ENOTFOUND', 'the name cannot be resolved'],
  ['EAI_AGAIN', 'no name server answered'],
])

/** An error of a socket or of the resolver in words, with its code. */
export function describeSystemError(error: unknown): string {
  if (!types.isNativeError(error)) return String(error)
  const code = 'code' in error && typeof error.code === 'string' ? error.code : undefined
  if (code === undefined) return error.message
  const meaning = meanings.get(code)
  return meaning === undefined ? error.message : `${meaning} (${code})`
}
