// The rules R1 to R16 are in docs/rules.md.

import { describe, expect, it } from 'vitest'
import { NetworkError } from '../../../../src/errors.js'
import { ErrorCode } from '../../../../src/protocol/error-codes.js'
import { producerWorld } from '../../../support/producer-world.js'
import { turns } from '../../../support/turns.js'

describe('records that the broker refuses one by one (KIP-467)', () => {
  it('fail with the error code of their batch', async () => {
    const world = await producerWorld()
    for (const value of ['a', 'b']) world.send(value)
    await turns()
    const recordErrors = [{ batchIndex: 0, message: 'Timestamp 5 of the message is out of range' }]
    world.next().answerOne({ errorCode: ErrorCode.INVALID_TIMESTAMP, recordErrors })
    await turns()
    expect(world.outcomes.map(({ error }) => [error?.name, error?.code, error?.retriable])).toEqual([
      ['InvalidRecordError', 'INVALID_TIMESTAMP', false],
      ['InvalidRecordError', 'INVALID_RECORD', true],
    ])
    expect(world.outcomes[0]?.error?.message).toContain('Timestamp 5')
    expect(world.outcomes[0]?.error?.cause).toMatchObject({ code: 'INVALID_TIMESTAMP' })
  })

  it('fail with the broker that refused them, like their neighbours; without one they would count as never sent', async () => {
    const world = await producerWorld()
    for (const value of ['culprit', 'neighbour']) world.send(value)
    await turns()
    world.next().answerOne({
      errorCode: ErrorCode.INVALID_RECORD,
      recordErrors: [{ batchIndex: 0, message: 'no key' }],
    })
    await turns()
    const { description } = world.node(1)
    expect(
      world.outcomes.map(({ value, error }) => [value, error?.name, error?.broker, error?.attempts]),
    ).toEqual([
      ['culprit', 'InvalidRecordError', description, 1],
      ['neighbour', 'InvalidRecordError', description, 1],
    ])
  })

  it('R5: do not cause a retry of their neighbours if those may be in the log', async () => {
    const world = await producerWorld({ retryBackoffMs: 10 })
    for (const value of ['a', 'b']) world.send(value)
    await turns()
    world.next().fail(new NetworkError('the connection was lost', { possiblyPersisted: true }))
    await world.pass(100)
    world.next().answerOne({
      errorCode: ErrorCode.INVALID_RECORD,
      recordErrors: [{ batchIndex: 1, message: 'no key' }],
    })
    await turns()
    expect(world.outcomes.map(({ error }) => error?.possiblyPersisted)).toEqual([true, true])
    expect(world.outcomes[0]?.error?.message).toContain('read it back before sending it again')
    expect(world.outcomes[0]?.error?.message).not.toContain('none of them; send it again')
  })
})
