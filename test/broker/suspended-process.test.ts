import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeAll, expect, it } from 'vitest'
import { describeWithKafka } from '../support/kafka/describe-kafka.js'
import { runCommand } from '../support/kafka/run-command.js'
import { createTopic, kcatRead } from '../support/kafka/tools.js'
import { uniqueTopic } from '../support/kafka/with-producer.js'
import { root } from '../unit/project/tree.js'

/**
 * Longer than it takes to stop a process that has just read its input: the end of what it has read is still
 * with it then.
 */
const LINGER = 'linger.ms=500'
/** The process is suspended for longer than any record may take. */
const TIMEOUTS = ['request.timeout.ms=5000', 'delivery.timeout.ms=6000', 'max.block.ms=6000']
const SUSPENDED_MS = 8_000
const SUSPENSIONS = 2
const LINES_AT_ONCE = 2_000

let child: ChildProcess | null = null

beforeAll(async () => {
  await runCommand(process.execPath, [join(root, 'scripts', 'build.js'), '--if-changed'])
}, 120_000)

afterEach(() => {
  child?.kill('SIGCONT')
  child?.kill('SIGKILL')
})

describeWithKafka('a process that is suspended in the middle of its work', (kafka) => {
  it('delivers every record all the same, once and in order', async () => {
    const topic = uniqueTopic('suspended')
    await createTopic(kafka.bootstrapServers, { topic, partitions: 6 })
    const where = ['--bootstrap-server', kafka.bootstrapServers.join(','), '--topic', topic]
    const properties = [...TIMEOUTS, LINGER].flatMap((property) => ['--producer-property', property])
    const program = join(root, 'dist', 'cli', 'main.js')
    const producing = spawn(process.execPath, [program, 'produce', ...where, ...properties], {
      stdio: ['pipe', 'ignore', 'pipe'],
    })
    child = producing
    const exited = once(producing, 'exit')
    const stderr = text(producing.stderr)
    let sent = 0
    const send = (): Promise<void> =>
      new Promise((resolve) => {
        const lines = Array.from({ length: LINES_AT_ONCE }, () => `${sent++}`.padEnd(100, '.'))
        producing.stdin.write(`${lines.join('\n')}\n`, () => resolve())
      })

    await send()
    for (let i = 0; i < SUSPENSIONS; i++) {
      // When the pipe has taken the last of them, the process has read most, and is sending.
      await send()
      producing.kill('SIGSTOP')
      await sleep(SUSPENDED_MS)
      const delivered = await kcatRead(kafka.bootstrapServers, { topic })
      expect(delivered.length, 'records in the log, of those that were sent').toBeLessThan(sent)
      producing.kill('SIGCONT')
      await send()
    }
    producing.stdin.end()
    const [exitCode] = await exited

    expect(await stderr).toMatch(
      new RegExp(`^odradek: ${sent.toLocaleString('en-US')} records sent to ${topic}`),
    )
    expect(exitCode).toBe(0)
    const log = await kcatRead(kafka.bootstrapServers, { topic })
    const seen = new Set<number>()
    const last = new Map<number, number>()
    for (const { partition, value } of log) {
      const id = Number(value?.toString().replaceAll('.', ''))
      expect(seen.has(id), `record ${id} again`).toBe(false)
      expect(id, `order in partition ${partition}`).toBeGreaterThan(last.get(partition) ?? -1)
      seen.add(id)
      last.set(partition, id)
    }
    expect(seen.size).toBe(sent)
  })
})
