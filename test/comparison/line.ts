import type { Api } from '../../src/protocol/api.js'
import { decodeResponse, responseCorrelationId } from '../../src/protocol/frame.js'
import { RawConnection } from '../support/raw-connection.js'

const ANSWER_LIMIT_MS = 30_000

/** How a request ended that was not answered. */
export type Unanswered = 'closed' | 'silent'

/** A connection to one broker that is made again after the broker has ended it. */
export class Line {
  readonly #bootstrapServers: string
  #connection: RawConnection | null = null

  constructor(bootstrapServers: string) {
    this.#bootstrapServers = bootstrapServers
  }

  /**
   * The answer; `closed` if the broker ends the connection instead, `silent` if it does nothing for half a
   * minute.
   */
  async ask<Request, Response extends object>(
    api: Api<Request, Response>,
    version: number,
    request: Request,
  ): Promise<Response | Unanswered> {
    const connection = await this.#opened()
    const correlationId = connection.send(api, version, request)
    const frame = await frameWithin(connection, ANSWER_LIMIT_MS)
    if (Buffer.isBuffer(frame)) {
      if (responseCorrelationId(frame) === correlationId) return decodeResponse(api, version, frame)
      throw new Error(
        `${api.name}: an answer to request ${responseCorrelationId(frame)}, not ${correlationId}`,
      )
    }
    await this.close()
    return frame
  }

  /** The answer to a request that any broker must answer. */
  async need<Request, Response extends object>(
    api: Api<Request, Response>,
    version: number,
    request: Request,
  ): Promise<Response> {
    const response = await this.ask(api, version, request)
    if (response === 'closed' || response === 'silent')
      throw new Error(`${api.name} v${version}: ${response}`)
    return response
  }

  /** Sends what is not answered. */
  async tell<Request>(api: Api<Request, unknown>, version: number, request: Request): Promise<void> {
    const connection = await this.#opened()
    connection.send(api, version, request)
  }

  async close(): Promise<void> {
    const connection = this.#connection
    this.#connection = null
    await connection?.close()
  }

  async #opened(): Promise<RawConnection> {
    this.#connection ??= await RawConnection.openAt(this.#bootstrapServers)
    return this.#connection
  }
}

function frameWithin(connection: RawConnection, limitMs: number): Promise<Buffer | Unanswered> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => resolve('silent'), limitMs)
    connection
      .nextFrame()
      .then((frame) => {
        clearTimeout(timer)
        resolve(frame ?? 'closed')
      })
      .catch(reject)
  })
}
