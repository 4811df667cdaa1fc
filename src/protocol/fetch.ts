import type { Api } from './api.js'
import { type FetchRequest, readFetchRequest, writeFetchRequest } from './fetch-request.js'
import { type FetchResponse, readFetchResponse, writeFetchResponse } from './fetch-response.js'

export type * from './fetch-request.js'
export type * from './fetch-response.js'

/**
 * v5 log start offset; v7 sessions (KIP-227); v9 leader epochs; v10 zstd; v11 racks (KIP-392); v12 flexible,
 * diverging epochs and leader hints; v13 topic ids (KIP-516); v14 tiered storage; v15 replica state
 * (KIP-903); v16 leaders' addresses (KIP-951); v17 directory ids; v18 the follower's high watermark.
 * https://kafka.apache.org/protocol#The_Messages_Fetch
 */
export const Fetch: Api<FetchRequest, FetchResponse> = {
  key: 1,
  name: 'Fetch',
  versions: [4, 18],
  flexibleFrom: 12,
  writeRequest: writeFetchRequest,
  readRequest: readFetchRequest,
  writeResponse: writeFetchResponse,
  readResponse: readFetchResponse,
}
