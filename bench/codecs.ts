import { Buffer } from 'node:buffer'
import { monitorEventLoopDelay, performance } from 'node:perf_hooks'
import { codecs } from '../src/environment/codecs.js'

/**
 * The codecs: how fast they compress, how small, and for how long they hold up the event loop. Six batches
 * are under way at a time, as in a producer with six partitions at full load.
 */

const UNDER_WAY = 6
const ROUND_MS = 1_500
const SIZES = [16_384, 131_072, 1_048_576]

const cases = [
  ['gzip', -1],
  ['gzip', 1],
  ['snappy', 0],
  ['lz4', 9],
  ['zstd', 3],
  ['zstd', 1],
  ['zstd', 6],
  ['zstd', 12],
] as const

/** Orders as JSON with some words of noise in each, a few batches of each size. */
function batches(size: number): Buffer[] {
  let number = 0
  return Array.from({ length: Math.max(8, Math.ceil(2_000_000 / size)) }, () => {
    let text = ''
    while (text.length < size) {
      number++
      const customer = `c-${((number * 7919) % 100_003).toString(36)}`
      const note = Math.imul(number, 0x9e37_79b1).toString(36) + Math.imul(number, 0x85eb_ca6b).toString(36)
      const total = ((number * 104_729) % 99_991) / 100
      text += JSON.stringify({
        id: number,
        customer,
        note,
        total,
        state: ['paid', 'open', 'sent'][number % 3],
      })
    }
    return Buffer.from(text.slice(0, size))
  })
}

async function run(name: (typeof cases)[number][0], level: number, inputs: readonly Buffer[]) {
  const { compress } = codecs[name]
  let read = 0
  let written = 0
  let next = 0
  const endMs = performance.now() + ROUND_MS
  const delay = monitorEventLoopDelay({ resolution: 1 })
  delay.enable()
  const startMs = performance.now()
  const cpu = process.cpuUsage()
  const lane = async (): Promise<void> => {
    while (performance.now() < endMs) {
      const bytes = inputs[next++ % inputs.length] as Buffer
      written += (await compress(bytes, level)).length
      read += bytes.length
    }
  }
  await Promise.all(Array.from({ length: UNDER_WAY }, lane))
  delay.disable()
  const seconds = (performance.now() - startMs) / 1_000
  const { user, system } = process.cpuUsage(cpu)
  const cpuRate = read / (user + system)
  return { cpuRate, rate: read / 1e6 / seconds, ratio: written / read, p99Ms: delay.percentile(99) / 1e6 }
}

console.log(`Node ${process.version}, JSON, ${UNDER_WAY} batches under way`)
console.log(
  '| codec, level | batch | MB/s | MB per s of CPU | ratio | event loop, p99 |\n| --- | --- | --- | --- | --- | --- |',
)
for (const [name, level] of cases) {
  for (const size of SIZES) {
    const inputs = batches(size)
    await run(name, level, inputs)
    const { rate, ratio, cpuRate, p99Ms } = await run(name, level, inputs)
    console.log(
      `| ${name}, ${level} | ${size} | ${rate.toFixed(0)} | ${cpuRate.toFixed(0)} | ${ratio.toFixed(3)} | ${p99Ms.toFixed(1)} ms |`,
    )
  }
}
