import { afterEach, expect, it } from 'vitest'
import { EmbeddedCluster, type EmbeddedClusterOptions } from '../../src/testing/index.js'
import { certificateText } from '../support/certificates/certificates.js'
import { runCommandWith } from '../support/command-line.js'
import { read } from '../unit/project/tree.js'

const closers: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const close of closers.splice(0)) await close()
})

/** A command of docs/doctor.md, and the output behind it. */
const shown = [
  ...read('docs/doctor.md').matchAll(/^```sh\n(odradek doctor .*)\n```\n+```text\n([\s\S]*?)^```$/gm),
]

/** The clusters of the commands, in their order. */
const clusters: readonly (readonly [host: string, options: EmbeddedClusterOptions])[] = [
  ['127.0.0.1', { topics: ['orders'] }],
  ['kafka', { topics: ['orders'] }],
  ['127.0.0.1', { tls: { key: certificateText('broker.key'), cert: certificateText('broker.pem') } }],
]

it('docs/doctor.md shows an output for each of the clusters', () => {
  expect(shown).toHaveLength(clusters.length)
})

it.each(clusters.map(([host, options], i) => ({ host, options, i })))(
  'docs/doctor.md shows what the doctor prints: output $i',
  async ({ host, options, i }) => {
    const [, command = '', output = ''] = shown[i] ?? []
    const cluster = await EmbeddedCluster.start(options)
    closers.push(() => cluster.close())
    cluster.advertise(1, { host })
    const port = cluster.bootstrapServers.split(':')[1] ?? ''
    const args = command.replaceAll('9092', port).split(' ').slice(1)
    const { stdout } = await runCommandWith('', ...args)
    expect(comparable(stdout.replaceAll(port, '9092'))).toBe(comparable(output))
  },
)

/** The words of an output, without what differs from run to run and from machine to machine. */
function comparable(text: string): string {
  return text
    .replace(/\s+/g, ' ')
    .replace(/after \d+ ms/g, 'after <n> ms')
    .replace(/cluster [\w-]{22}, with/g, 'cluster <id>, with')
    .replace(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, '<time>')
    .replace(/kafka: [^(]+\(E\w+\)/g, 'kafka: <not resolved>')
}
