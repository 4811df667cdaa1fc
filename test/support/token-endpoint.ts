import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

/** A token endpoint on the loopback interface. */
export interface TokenEndpoint {
  readonly url: string
  /** The header and the body of each request. */
  readonly requests: readonly { readonly authorization: string | undefined; readonly body: string }[]
  close(): Promise<void>
}

/** Gives one token, which is valid until 2099, to everybody who asks. */
export async function startTokenEndpoint(): Promise<TokenEndpoint> {
  const requests: { authorization: string | undefined; body: string }[] = []
  const encoded = (json: object): string => Buffer.from(JSON.stringify(json)).toString('base64url')
  const token = `${encoded({})}.${encoded({ sub: 'app', exp: 4_100_000_000 })}.${Buffer.from('sig').toString('base64url')}`
  const server = createServer(async (request, response) => {
    const body = (await request.setEncoding('utf8').toArray()).join('')
    requests.push({ authorization: request.headers.authorization, body })
    response.setHeader('content-type', 'application/json')
    response.end(JSON.stringify({ access_token: token, token_type: 'Bearer', expires_in: 3_600 }))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}/token`,
    requests,
    async close() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}
