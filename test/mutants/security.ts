import type { Mutant } from './mutant.js'

/** Bugs in TLS, logins and sessions. */
export const securityMutants: readonly Mutant[] = [
  {
    name: 'requests are sent while a session is renewed',
    edits: [
      [
        'network/broker/session-renewal.ts',
        `      enter('renewing', session)
      const lifetimeMs`,
        '      const lifetimeMs',
      ],
    ],
    seenAs: /was sent while a session was being renewed/,
    within: 200,
  },
  {
    name: 'the lifetime of sessions is ignored',
    edits: [
      [
        'network/broker/session.ts',
        'if (options.lifetimeMs <= 0n) return null',
        'if (options.lifetimeMs < 1n << 62n) return null',
      ],
    ],
    seenAs: /was sent \d+\.\d ms after the end of its session/,
    within: 200,
  },
  {
    name: 'a connection is used after the end of its session until credentials come',
    edits: [
      [
        'network/broker/node-state.ts',
        "state.kind === 'ready' && state.session?.hasEnded(now) !== true",
        "state.kind === 'ready' && now >= 0",
      ],
    ],
    seenAs: /was sent \d+\.\d ms after the end of its session/,
    within: 1_500,
  },
  {
    name: 'the refusal of one broker fails the records for all',
    edits: [['network/broker/node-table.ts', 'if (!candidates.every(isOutOfReach)) return undefined', '']],
    seenAs: /failed with an AuthenticationError while the broker at port \d+ took the client/,
    within: 500,
  },
  {
    name: 'a refused login fails batches in doubt as not persisted',
    edits: [
      [
        'producer/sender/sender.ts',
        'this.#settlement.fail(partition, batch, ofBatch(partition, batch, error))',
        'this.#settlement.fail(partition, batch, error)',
      ],
    ],
    seenAs: /failed \((?!.*TIMEOUT).*\) as certainly not persisted, and is at/,
    within: 2_000,
  },
  {
    name: 'requests are sent before the TLS handshake has ended',
    edits: [['network/connect/tls-step.ts', 'await connection.secure(', 'void connection.secure(']],
    seenAs: /bytes were sent before the TLS handshake had ended/,
    within: 50,
  },
]
