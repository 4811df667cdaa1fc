import type { Mutant } from './mutant.js'

/** Bugs in what goes to whom, and in what must wait. */
export const orderMutants: readonly Mutant[] = [
  {
    name: 'several requests are in flight before the first acknowledgement',
    edits: [
      [
        'producer/partition.ts',
        'if (idempotent && !this.confirmation.holds(this.leader, now)) return false',
        '',
      ],
    ],
    seenAs: /stands behind record \d+, which was sent later/,
    within: 300,
  },
  {
    name: 'a leader is taken to remember the producer for ever',
    edits: [['producer/confirmation.ts', 'now - this.#atMs < REMEMBERED_MS', 'this.#atMs >= 0 && now >= 0']],
    seenAs: /stands behind record \d+, which was sent later/,
    within: 300,
  },
  {
    name: 'a broker that has asked for a pause is sent to',
    edits: [['network/broker-node.ts', ' &&\n      !this.#throttle.isOn(now)', '']],
    seenAs: /before the end of a broker's pause/,
    within: 200,
  },
  {
    name: 'one request more is in flight than allowed',
    edits: [
      [
        'network/broker-node.ts',
        'connection.inFlight < this.#options.maxInFlightRequestsPerConnection',
        'connection.inFlight <= this.#options.maxInFlightRequestsPerConnection',
      ],
    ],
    seenAs: /requests were in flight on a connection, where \d+ are allowed/,
    within: 50,
  },
  {
    name: 'what is sent again goes to the end of the queue',
    edits: [
      [
        'producer/partition.ts',
        '(this.queue[at] as Batch).order < batch.order',
        'this.queue[at] !== undefined',
      ],
    ],
    seenAs: /stands behind record \d+, which was sent later/,
    within: 100,
  },
  {
    name: 'a new leader is sent to while the old one has requests',
    edits: [
      [
        'producer/partition.ts',
        'if (this.inFlight.length > 0) {',
        'if (this.inFlight.length > 0 && this.confirmation.sentTo.nodeId === this.leader.nodeId) {',
      ],
    ],
    seenAs: /stands behind record \d+, which was sent later/,
    within: 500,
  },
  {
    name: 'under a new producer id several requests are out at once before its first acknowledgement',
    edits: [
      [
        'producer/partition.ts',
        `this.sequence.assign(identity)
        this.confirmation.withdraw()`,
        'this.sequence.assign(identity)',
      ],
    ],
    seenAs: /requests were out at once before the first acknowledgement under an identity/,
    within: 150,
  },
  {
    name: 'outcomes are told as they come',
    edits: [
      [
        'producer/outcome-order.ts',
        'first !== undefined && !partition.hasPredecessorOf(first.batch);',
        'first !== undefined;',
      ],
    ],
    seenAs: /had its outcome before record \d+, which was sent earlier/,
    within: 200,
  },
]
