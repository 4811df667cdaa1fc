import { describe, expect, it } from 'vitest'
import { fromProperties, resolveConfig } from '../../../src/config/config.js'
import { refusedFiles } from '../../support/properties-files/refused.js'
import { takenFiles } from '../../support/properties-files/taken.js'

function read(text: string) {
  const ignored: string[] = []
  const say = (message: string) =>
    void ignored.push(/^config key '(.*)' is ignored: ./.exec(message)?.[1] ?? message)
  const unexpected = (message: string) => void ignored.push(`unexpected: ${message}`)
  const logger = { debug: unexpected, info: unexpected, warn: say, error: unexpected }
  const { logger: _, ...config } = fromProperties(text, { logger })
  return { config, ignored }
}

describe('a .properties file', () => {
  it.each(takenFiles)('is accepted: $name', ({ text, config, ignored }) => {
    const result = read(text)
    expect(result).toEqual({ config, ignored })
    expect(() => resolveConfig(result.config)).not.toThrow()
    if (ignored.length > 0) expect(() => fromProperties(text, { strict: true })).toThrow(ignored[0])
  })

  it.each(refusedFiles)('is refused with one clear message: $name', ({ text, message }) => {
    const attempt = () => fromProperties(text)
    expect(attempt).toThrow(expect.objectContaining({ name: 'ConfigError', message }))
    expect(message).not.toContain('canary')
  })
})
