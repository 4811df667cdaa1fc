import { once } from 'node:events'
import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { HttpError, type HttpRequest } from '../../../src/environment/http.js'
import { postNodeHttp } from '../../../src/environment/node-http.js'
import { certificateText } from '../../support/certificates/certificates.js'

let server: Server

async function listen(serve: RequestListener, certificate?: string): Promise<string> {
  server =
    certificate === undefined
      ? createServer(serve)
      : createTlsServer(
          { key: certificateText(`${certificate}.key`), cert: certificateText(`${certificate}.pem`) },
          serve,
        )
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return certificate === undefined ? `http://127.0.0.1:${port}/a?b=c` : `https://localhost:${port}/a?b=c`
}

afterEach(async () => {
  server.closeAllConnections()
  await new Promise((resolve) => server.close(resolve))
})

function request(url: string, more: Partial<HttpRequest> = {}): HttpRequest {
  return {
    url,
    headers: { 'X-Own': 'yes' },
    body: 'the body',
    tls: {
      context: {
        ca: [certificateText('root.pem')],
        identity: undefined,
        minVersion: 'TLSv1.2',
        maxVersion: 'TLSv1.3',
        ciphers: undefined,
      },
      verifiesAuthority: true,
      identity: 'host',
    },
    maxBytes: 1_000,
    signal: new AbortController().signal,
    progressed: () => {},
    ...more,
  }
}

const echo: RequestListener = async (incoming: IncomingMessage, response) => {
  const body = Buffer.concat(await incoming.toArray())
  response.writeHead(207)
  response.end(JSON.stringify([incoming.method, incoming.url, incoming.headers['x-own'], `${body}`]))
}

describe('a POST', () => {
  it.each([undefined, 'broker'])('has one answer, with the certificate %s', async (certificate) => {
    const url = await listen(echo, certificate)
    let progress = 0
    const { status, body } = await postNodeHttp(request(url, { progressed: () => progress++ }))
    expect(status).toBe(207)
    expect(JSON.parse(`${body}`)).toEqual(['POST', '/a?b=c', 'yes', 'the body'])
    // The connection, the status, and the body at least.
    expect(progress).toBeGreaterThanOrEqual(3)
  })

  it('keeps no connection', async () => {
    const url = await listen(echo)
    await postNodeHttp(request(url))
    await new Promise<void>((resolve) => {
      const look = (): void => {
        server.getConnections((_error, count) => (count === 0 ? resolve() : setImmediate(look)))
      }
      look()
    })
  })

  it('takes no more than its limit', async () => {
    const url = await listen((_incoming, response) => void response.end('x'.repeat(1_001)))
    await expect(postNodeHttp(request(url))).rejects.toMatchObject({
      name: 'HttpError',
      code: 'TOO_LARGE',
      message: 'the answer has more than 1000 bytes',
    })
  })

  it('ends when it is given up, with the reason of that', async () => {
    const controller = new AbortController()
    const url = await listen(() => controller.abort(new Error('given up')))
    await expect(postNodeHttp(request(url, { signal: controller.signal }))).rejects.toThrow('given up')
  })

  it('is not begun when it was given up before', async () => {
    let count = 0
    const url = await listen(() => count++)
    const signal = AbortSignal.abort(new Error('given up'))
    await expect(postNodeHttp(request(url, { signal }))).rejects.toThrow('given up')
    expect(count).toBe(0)
  })

  it.each([
    ['refuses a host', () => new Error('not this host'), 'not this host'],
    [
      'throws',
      () => {
        throw new Error('no idea')
      },
      'no idea',
    ],
  ])('fails if the check of a user %s, and the process goes on', async (_name, identity, message) => {
    const url = await listen(echo, 'broker')
    const { tls } = request(url)
    await expect(postNodeHttp(request(url, { tls: { ...tls, identity } }))).rejects.toThrow(message)
  })

  it('fails without anything of the request in its error', async () => {
    const url = await listen((incoming) => void incoming.socket.destroy())
    const error = await postNodeHttp(request(url)).then(
      () => undefined,
      (reason) => reason,
    )
    expect(error).toBeInstanceOf(HttpError)
    expect(Object.getOwnPropertyNames(error).sort()).toEqual(['code', 'message', 'name', 'stack'])
  })
})
