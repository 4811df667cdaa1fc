import type { Mutant } from './mutant.js'

/** Bugs in the sequences, epochs and producer ids of batches. */
export const sequenceMutants: readonly Mutant[] = [
  {
    name: 'a sequence is used again after a lost response',
    edits: [
      [
        'producer/idempotence/partition-sequence.ts',
        "this.#become({ ...state, continuity: maybePersisted ? 'unresolved' : 'broken' })",
        "this.#become({ ...state, continuity: 'intact', next: addToSequence(state.lastAcknowledged, 1) })",
      ],
    ],
    seenAs: /was acknowledged .* and is not in the log/,
    within: 200,
  },
  {
    name: 'all partitions move to a raised epoch at once',
    edits: [
      [
        'producer/accumulator/partition.ts',
        'return this.sequence.belongsTo(stamping) || this.inFlight.length === 0',
        'return true',
      ],
      [
        'producer/settlement/sequence-recovery.ts',
        'this.#producerIds.renew(state.identity)',
        `this.#producerIds.renew(state.identity)
    for (const other of partition.topic.partitions)
      for (const batch of other.queue) batch.unstamp()`,
      ],
    ],
    seenAs: /is in the log \d+ times/,
    within: 400,
  },
  {
    name: 'sequences are forgotten when metadata omits a topic',
    edits: [
      [
        'network/metadata/topic-table.ts',
        'entry.error = this.#take(entry, received.get(name), broker)',
        `entry.error = this.#take(entry, received.get(name), broker)
      if (received.get(name) === undefined) entry.metadata = undefined`,
      ],
      [
        'producer/intake/topics.ts',
        'if (metadata === undefined || metadata === topic.metadata) continue',
        `if (metadata === undefined) topic.reset()
      if (metadata === undefined || metadata === topic.metadata) continue`,
      ],
    ],
    seenAs: /was acknowledged .* and is not in the log|a batch was sent again with other content/,
    within: 500,
  },
  {
    name: 'a batch that is sent again gets new sequences',
    edits: [
      [
        'producer/accumulator/partition.ts',
        "batch.become({ kind: 'sealed', wire: batch.state.wire })",
        `batch.become({ kind: 'sealed', wire: batch.state.wire })
    batch.unstamp()`,
      ],
    ],
    seenAs: /is in the log \d+ times/,
    within: 100,
  },
  {
    name: 'a batch that is sent again takes more records',
    edits: [
      [
        'producer/accumulator/partition.ts',
        "batch.become({ kind: 'sealed', wire: batch.state.wire })",
        `const { wire } = batch.state
    if (batch.stamp !== null) batch.stampWith(batch.stamp)
    batch.become(this.queue.length === 0 ? { kind: 'open' } : { kind: 'sealed', wire })`,
      ],
    ],
    seenAs: /a batch was sent again with other content/,
    within: 200,
  },
]
