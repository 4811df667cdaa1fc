/** `host:port`, with the brackets that an IPv6 address needs. */
export function formatAddress(host: string, port: number): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`
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

/** An error of a socket or the resolver in words, with its code. */
export function describeSystemError(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const code = 'code' in error && typeof error.code === 'string' ? error.code : undefined
  if (code === undefined) return error.message
  const meaning = meanings.get(code)
  return meaning === undefined ? error.message : `${meaning} (${code})`
}
