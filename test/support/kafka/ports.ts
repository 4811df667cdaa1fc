import { createServer } from 'node:net'

// Below the range from which Linux and macOS take the local port of an outgoing connection. A port inside
// that range may be taken by a client while its broker is down, and a client that keeps dialling such a
// port on its own machine can even end up connected to itself.
const lowest = 20_000
const highest = 32_000

/** Free TCP ports on 127.0.0.1, all different. */
export async function pickPorts(count: number): Promise<number[]> {
  const ports = new Set<number>()
  while (ports.size < count) {
    const candidate = lowest + Math.floor(Math.random() * (highest - lowest))
    if (!ports.has(candidate) && (await isFree(candidate))) ports.add(candidate)
  }
  return [...ports]
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer()
    server.once('error', () => resolve(false))
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)))
  })
}
