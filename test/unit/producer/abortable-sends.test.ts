// The rules R1 to R16 are in docs/rules.md.

import { describe, expect, it, vi } from 'vitest'
import { KafkaError } from '../../../src/errors.js'
import { AbortableSends } from '../../../src/producer/abortable-sends.js'
import type { WaitingSend } from '../../../src/producer/accumulator/waiting-send.js'
import type { RecordMetadata } from '../../../src/producer/record.js'

const metadata: RecordMetadata = {
  topic: 't',
  partition: 0,
  offset: 1n,
  timestamp: 0,
  serializedKeySize: -1,
  serializedValueSize: 0,
}

function watched() {
  const controller = new AbortController()
  const { signal } = controller
  const added = vi.spyOn(signal, 'addEventListener')
  const removed = vi.spyOn(signal, 'removeEventListener')
  const sends = new AbortableSends()
  const outcomes: unknown[] = []
  const add = () =>
    sends.add(
      signal,
      (value) => outcomes.push(value),
      (error) => outcomes.push(error),
    )
  return { controller, added, removed, outcomes, add }
}

describe('AbortableSends', () => {
  it('adds one listener to a signal that many sends share, and removes it with the last send', () => {
    const { added, removed, outcomes, add } = watched()
    const sends = [add(), add(), add()]
    expect(added).toHaveBeenCalledOnce()
    sends[0]?.settle(null, metadata)
    sends[1]?.settle(new KafkaError('no', { code: 'UNEXPECTED' }), null)
    expect(removed).not.toHaveBeenCalled()
    sends[2]?.settle(null, metadata)
    expect(removed).toHaveBeenCalledOnce()
    expect(outcomes).toMatchObject([metadata, { code: 'UNEXPECTED' }, metadata])
    add()
    expect(added).toHaveBeenCalledTimes(2)
  })

  it('R13: settles each send once, whichever comes first', () => {
    const { controller, outcomes, add, removed } = watched()
    const [first, second] = [add(), add()]
    first.settle(null, metadata)
    controller.abort('enough')
    second.settle(null, metadata)
    first.settle(null, metadata)
    expect(outcomes).toMatchObject([metadata, { code: 'ABORTED', cause: 'enough', possiblyPersisted: true }])
    expect(removed).toHaveBeenCalledOnce()
  })

  it('reports a record as not sent only if it was taken back', () => {
    const { controller, outcomes, add } = watched()
    const [waiting, batched] = [add(), add()]
    waiting.waiting = { withdraw: () => true } as WaitingSend
    batched.waiting = { withdraw: () => false } as WaitingSend
    controller.abort()
    expect(outcomes).toMatchObject([{ possiblyPersisted: false }, { possiblyPersisted: true }])
  })
})
