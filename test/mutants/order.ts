import type { Mutant } from './mutant.js'

/** Bugs in the choice of the leader, and in the order of requests. */
export const orderMutants: readonly Mutant[] = [
  {
    name: 'several requests are in flight before the first acknowledgement',
    edits: [
      [
        'producer/accumulator/partition.ts',
        "if (stamping !== 'none' && !this.confirmation.holds(this.leader, now)) return false",
        '',
      ],
    ],
    seenAs: /stands behind record \d+, which was sent later/,
    within: 300,
  },
  {
    name: 'a leader is taken to remember the producer for ever',
    edits: [
      [
        'producer/idempotence/leader-confirmation.ts',
        'now - this.#atMs < REMEMBERED_MS',
        'this.#atMs >= 0 && now >= 0',
      ],
    ],
    seenAs: /stands behind record \d+, which was sent later/,
    within: 300,
  },
  {
    name: 'the throttle time of a broker is ignored',
    edits: [['network/broker/broker-node.ts', ' &&\n      !this.#throttle.isOn(now)', '']],
    seenAs: /before the end of a broker's pause/,
    within: 200,
  },
  {
    name: 'one request more is in flight than allowed',
    edits: [
      [
        'network/broker/broker-node.ts',
        'connection.inFlight < this.#context.options.maxInFlightRequestsPerConnection',
        'connection.inFlight <= this.#context.options.maxInFlightRequestsPerConnection',
      ],
    ],
    seenAs: /requests were in flight on a connection, where \d+ are allowed/,
    within: 50,
  },
  {
    name: 'a retry goes to the end of the queue',
    edits: [
      [
        'producer/accumulator/partition.ts',
        '(this.queue[at] as Batch).order < batch.order',
        'this.queue[at] !== undefined',
      ],
    ],
    seenAs: /stands behind record \d+, which was sent later/,
    within: 100,
  },
  {
    name: 'a new leader gets requests while the old one has some',
    edits: [
      [
        'producer/accumulator/partition.ts',
        'if (this.inFlight.length > 0) {',
        'if (this.inFlight.length > 0 && this.confirmation.sentTo.nodeId === this.leader.nodeId) {',
      ],
    ],
    seenAs: /stands behind record \d+, which was sent later/,
    within: 500,
  },
  {
    name: 'several requests are in flight before the first acknowledgement under a new producer id',
    edits: [
      [
        'producer/accumulator/partition.ts',
        `this.sequence.assign(stamping)
        this.confirmation.withdraw()`,
        'this.sequence.assign(stamping)',
      ],
    ],
    seenAs: /requests were out at once before the first acknowledgement under an identity/,
    within: 150,
  },
  {
    name: 'outcomes are delivered out of order',
    edits: [
      [
        'producer/accumulator/outcome-order.ts',
        'first !== undefined && !partition.hasPredecessorOf(first.batch);',
        'first !== undefined;',
      ],
    ],
    seenAs: /had its outcome before record \d+, which was sent earlier/,
    within: 200,
  },
]
