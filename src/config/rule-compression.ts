import { codecs } from '../environment/codecs.js'
import { ConfigError } from '../errors.js'
import type { ConfigRule } from './rules.js'

/** A codec that is missing shows here, and not with the first record. */
export const compressionIsPresent: ConfigRule = {
  text: 'The codec of `compressionType` must work in this process. Only zstd may not.',
  settings: ['compressionType'],
  apply({ compressionType }) {
    const missing = codecs[compressionType].missing()
    if (missing !== null)
      throw new ConfigError('compressionType', `compressionType '${compressionType}': ${missing}`)
  },
}
