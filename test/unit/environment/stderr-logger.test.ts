import { beforeEach, describe, expect, it, vi } from 'vitest'
import { stderrLogger } from '../../../src/environment/stderr-logger.js'
import type { Logger } from '../../../src/logger.js'

describe('the logger of a program without its own', () => {
  let lines: string[]
  let nowMs: number
  let logger: Logger

  beforeEach(() => {
    lines = []
    nowMs = 1_000
    logger = stderrLogger(
      (line) => void lines.push(line),
      () => nowMs,
    )
  })

  it('writes warnings and errors, one line each, and nothing else', () => {
    logger.debug('d')
    logger.info('i')
    logger.warn('first\n  second', { broker: 'b' })
    logger.error('e')
    expect(lines).toEqual(['odradek warning: first second\n', 'odradek error: e\n'])
  })

  it('writes ten lines at once, then one in six seconds, with the number of lines that were left out', () => {
    for (let i = 0; i < 15; i++) logger.warn(`${i}`)
    expect(lines).toHaveLength(10)
    nowMs += 5_999
    logger.warn('too early')
    expect(lines).toHaveLength(10)
    nowMs += 1
    logger.warn('again')
    logger.warn('too many')
    expect(lines.slice(10)).toEqual(['odradek warning (after 6 lines that were left out): again\n'])
  })

  it('does not save up more than ten lines', () => {
    nowMs += 3_600_000
    for (let i = 0; i < 20; i++) logger.warn(`${i}`)
    expect(lines).toHaveLength(10)
  })

  it('writes to stderr by default', () => {
    const write = vi.spyOn(process.stderr, 'write').mockReturnValue(true)
    try {
      stderrLogger().warn('heard')
      expect(write.mock.calls).toEqual([['odradek warning: heard\n']])
    } finally {
      write.mockRestore()
    }
  })
})
