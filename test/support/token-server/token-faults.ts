import type { ServerResponse } from 'node:http'

/** What a faulty token server does in place of an answer. */
export type TokenFault = (response: ServerResponse, request: FaultyRequest) => void

/** The parts of a request that an endpoint may repeat. */
export interface FaultyRequest {
  readonly authorization: string | undefined
  readonly body: string
}

/** The names of answers without a token. */
export type AnswerFault =
  | 'flaky'
  | 'unavailable'
  | 'broken'
  | 'garbage'
  | 'no token'
  | 'refused'
  | 'okta'
  | 'repeats'
  | 'silent'
  | 'half an answer'
  | 'cut off'
  | 'huge'

export const answerFaults: Readonly<Record<AnswerFault, TokenFault>> = {
  // The server lets every third request through.
  flaky: (response) => answer(response, 503, '{"error":"temporarily_unavailable"}'),
  unavailable: (response) => answer(response, 503, '{"error":"temporarily_unavailable"}'),
  broken: (response) => answer(response, 500, 'oops'),
  garbage: (response) => answer(response, 200, '<html>welcome</html>'),
  'no token': (response) => answer(response, 200, '{"token_type":"Bearer"}'),
  refused: (response) =>
    answer(response, 401, '{"error":"invalid_client","error_description":"no such client"}'),
  okta: (response) => answer(response, 403, '{"errorCode":"E0000022","errorSummary":"not here"}'),
  repeats: (response, { authorization = '', body }) => {
    const basic = Buffer.from(authorization.slice('Basic '.length), 'base64').toString('utf8')
    const description = `${authorization} ${basic} ${[...new URLSearchParams(body).values()].join(' ')}`
    answer(response, 400, JSON.stringify({ error: 'invalid_client', error_description: description }))
  },
  silent: () => {},
  'half an answer': (response) => {
    response.writeHead(200, { 'content-length': '100' })
    response.write('{"access_token":')
  },
  'cut off': (response) => {
    response.socket?.destroy()
  },
  huge: (response) => {
    response.writeHead(200)
    const filler = Buffer.alloc(65_536, 0x20)
    const pour = (): void => {
      while (!response.destroyed && response.write(filler));
      response.once('drain', pour)
    }
    pour()
  },
}

export function answer(
  response: ServerResponse,
  status: number,
  body: string,
  headers: Readonly<Record<string, string>> = {},
): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers })
  response.end(body)
}
