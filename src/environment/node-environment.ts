import { lookup } from 'node:dns/promises'
import { captureContext, outsideContexts } from './async-context.js'
import { codecs } from './codecs.js'
import type { Compress, Environment } from './environment.js'
import { nodeClock } from './node-clock.js'
import { deriveKey, secureRandom } from './node-cryptography.js'
import { nodeFiles } from './node-files.js'
import { postNodeHttp } from './node-http.js'
import { openNodeSocket } from './node-socket.js'
import type { Lookup } from './socket.js'

const resolve: Lookup = async (host) => {
  const found = await outsideContexts(() => lookup(host, { all: true, order: 'verbatim' }))
  return found.map(({ address, family }) => ({ address, family: family === 6 ? 6 : 4 }))
}

const compress: Compress = (codec, level, bytes) => codecs[codec].compress(bytes, level)

/** The real world: the runtime's clock, sockets, resolver and codecs. */
export const nodeEnvironment: Environment = {
  clock: nodeClock,
  random: Math.random,
  openSocket: openNodeSocket,
  lookup: resolve,
  files: nodeFiles,
  postHttp: postNodeHttp,
  compress,
  secureRandom,
  deriveKey,
  captureContext,
  outsideContexts,
  emitWarning: (message) => outsideContexts(() => process.emitWarning(message, 'KafkaWarning')),
}
