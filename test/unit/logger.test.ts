import { describe, expect, it } from 'vitest'
import { contained, type Logger, silentLogger } from '../../src/logger.js'

const levels = ['debug', 'info', 'warn', 'error'] as const

/** A logger that notes its calls, with further methods. */
function noting(further: Record<string, () => void> = {}): { logger: Logger; calls: unknown[][] } {
  const calls: unknown[][] = []
  const note =
    (level: string) =>
    (...args: unknown[]) =>
      void calls.push([level, ...args])
  const logger = Object.fromEntries(levels.map((level) => [level, note(level)])) as unknown as Logger
  return { logger: Object.assign(logger, further), calls }
}

const never = (error: unknown): void => {
  throw error
}

describe("the client's calls of a logger", () => {
  it('give the message and then the fields', () => {
    const { logger, calls } = noting()
    for (const level of levels) contained(logger, never)[level]('said', { topic: 't' })
    contained(logger, never).warn('no fields')
    expect(calls).toEqual([...levels.map((level) => [level, 'said', { topic: 't' }]), ['warn', 'no fields']])
  })

  it.each(['bindings', 'addSerializers'])('give the fields first to a logger with %s', (method) => {
    const { logger, calls } = noting({ [method]: () => {} })
    contained(logger, never).warn('said', { topic: 't' })
    contained(logger, never).warn('no fields')
    expect(calls).toEqual([
      ['warn', { topic: 't' }, 'said'],
      ['warn', 'no fields'],
    ])
  })

  it('keep its `this`', () => {
    class Counting {
      count = 0
      debug(): void {
        this.count++
      }
      info(): void {}
      warn(): void {}
      error(): void {}
    }
    const logger = new Counting()
    contained(logger, never).debug('said')
    expect(logger.count).toBe(1)
  })

  it('survive every error that it throws', () => {
    const thrown: unknown[] = []
    const { logger } = noting()
    const broken = { ...logger, warn: () => never('broken') }
    contained(broken, (error) => thrown.push(error)).warn('said')
    expect(thrown).toEqual(['broken'])
  })
})

it('the silent logger takes every call', () => {
  for (const level of levels) expect(silentLogger[level]('said', {})).toBeUndefined()
})
