// npm run mutants [-- --seeds N] [--only text]: plants bugs that real producers have had into a copy of the sources, one at a time,
// and says after how many seeds the simulation sees each. Fails if it misses one within N seeds.

import { cpSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { install, main, programOf, root, run, StepFailed, step } from './setup.js'

/**
 * @typedef {object} Mutant
 * @property {string} name
 * @property {readonly (readonly [file: string, from: string, to: string])[]} edits
 */

/** @type {readonly Mutant[]} */
const MUTANTS = [
  {
    name: 'a sequence is used again after a lost response',
    edits: [
      [
        'producer/partition-sequence.ts',
        "this.#become({ ...state, continuity: maybePersisted ? 'unresolved' : 'broken' })",
        "this.#become({ ...state, continuity: 'intact', next: addToSequence(state.lastAcknowledged, 1) })",
      ],
    ],
  },
  {
    name: 'several requests in flight before the first acknowledgement',
    edits: [
      [
        'producer/partition.ts',
        'if (idempotent && !this.confirmation.holds(this.leader, now)) return false',
        '',
      ],
    ],
  },
  {
    name: 'a leader is taken to remember the producer for ever',
    edits: [['producer/confirmation.ts', 'now - this.#atMs < REMEMBERED_MS', 'this.#atMs >= 0 && now >= 0']],
  },
  {
    name: 'all partitions move to a raised epoch at once',
    edits: [
      [
        'producer/partition.ts',
        'return this.sequence.belongsTo(identity) || this.inFlight.length === 0',
        'return true',
      ],
      [
        'producer/sequence-recovery.ts',
        'this.#identity?.renew(state.identity)',
        `this.#identity?.renew(state.identity)
    for (const other of partition.topic.partitions)
      for (const batch of other.queue) {
        batch.stamp = null
        batch.headerIsWritten = false
      }`,
      ],
    ],
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
  },
  {
    name: 'records of a batch that has expired are settled again by its answer',
    edits: [
      [
        'producer/settlement.ts',
        `    if (batch.isDone) {
      this.#accumulator.release(batch)
      return
    }
    const brokerTimeMs`,
        '    const brokerTimeMs',
      ],
    ],
  },
  {
    name: 'a piece of a split batch is dropped',
    edits: [
      ['producer/settlement.ts', 'for (const piece of pieces) {', 'for (const piece of pieces.slice(1)) {'],
    ],
  },
  {
    name: 'a new leader gets batches while the old one has requests',
    edits: [
      [
        'producer/partition.ts',
        'if (this.confirmation.sentTo.nodeId !== this.leader.nodeId) return false',
        'if (this.confirmation.sentTo.nodeId !== this.leader.nodeId) return head.attempts === 0',
      ],
    ],
  },
  {
    name: 'retries are counted wrongly',
    edits: [
      [
        'producer/settlement.ts',
        '++batch.failures > this.#options.retries',
        '++batch.failures >= this.#options.retries',
      ],
    ],
  },
  {
    name: 'sequences are forgotten when metadata omit a topic',
    edits: [
      [
        'network/topic-table.ts',
        'entry.error = this.#take(entry, received.get(name), broker)',
        `entry.error = this.#take(entry, received.get(name), broker)
      if (received.get(name) === undefined) entry.metadata = undefined`,
      ],
      [
        'producer/topics.ts',
        'if (metadata === undefined || metadata === topic.metadata) continue',
        `if (metadata === undefined) topic.reset()
      if (metadata === undefined || metadata === topic.metadata) continue`,
      ],
    ],
  },
  {
    name: 'a batch that is sent again takes more records',
    edits: [
      [
        'producer/partition.ts',
        "batch.become({ kind: 'sealed', wire: batch.state.wire })",
        `const { wire } = batch.state
    batch.headerIsWritten = false
    batch.become(this.queue.length === 0 ? { kind: 'open' } : { kind: 'sealed', wire })`,
      ],
    ],
  },
  {
    name: 'a batch that is sent again gets new sequences',
    edits: [
      [
        'producer/partition.ts',
        "batch.become({ kind: 'sealed', wire: batch.state.wire })",
        `batch.become({ kind: 'sealed', wire: batch.state.wire })
    batch.stamp = null
    batch.headerIsWritten = false`,
      ],
    ],
  },
  {
    name: 'a clean refusal clears what an earlier attempt has left open',
    edits: [
      [
        'producer/settlement.ts',
        'if (mayHaveBeenAppended(result)) batch.maybePersisted = true',
        'batch.maybePersisted = mayHaveBeenAppended(result)',
      ],
    ],
  },
  {
    name: 'memory is used again while a socket may read it',
    edits: [['producer/accumulator.ts', '|| batch.readers > 0 ', '']],
  },
]

const { values } = parseArgs({
  options: { seeds: { type: 'string', default: '1000' }, only: { type: 'string', default: '' } },
})
const folder = join(root, '.cache', 'mutants')

await main(async () => {
  await install()
  const missed = []
  for (const mutant of MUTANTS.filter(({ name }) => name.includes(values.only))) {
    plant(mutant)
    const compiler = [programOf('typescript', 'tsc'), '-p', join(folder, 'tsconfig.simulation.json')]
    // A bug may leave something unused.
    compiler.push('--noUnusedLocals', 'false', '--noUnusedParameters', 'false')
    await step(`compile: ${mutant.name}`, process.execPath, compiler)
    const program = join(folder, 'build', 'simulation', 'test', 'simulation', 'main.js')
    const args = [program, '--seeds', `1..${values.seeds}`, '--until-violation']
    const { exitCode, output } = await run(process.execPath, args, 'captured')
    const lines = output.trim().split('\n')
    if (exitCode === 0) missed.push(mutant.name)
    console.log(`${exitCode === 0 ? 'MISSED' : 'seen'}: ${mutant.name}: ${lines.at(-1)}`)
    if (exitCode !== 0) console.log(`  ${lines.find((line) => line.startsWith('seed '))}`)
  }
  if (missed.length > 0) throw new StepFailed(`mutants: ${missed.join('; ')}`, 1)
})

/** Copies the sources and puts the bug in. */
function plant(/** @type {Mutant} */ { name, edits }) {
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true })
  for (const path of ['package.json', 'tsconfig.json', 'tsconfig.simulation.json', 'src', 'test/simulation'])
    cpSync(join(root, path), join(folder, path), { recursive: true })
  cpSync(join(root, 'test/support/seeded-random.ts'), join(folder, 'test/support/seeded-random.ts'))
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'))
  for (const [file, from, to] of edits) {
    const path = join(folder, 'src', file)
    const source = readFileSync(path, 'utf8')
    if (!source.includes(from))
      throw new Error(`mutant "${name}": src/${file} has no longer the code that it changes`)
    writeFileSync(
      path,
      source.replace(from, () => to),
    )
  }
}
