import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { EmbeddedCluster } from '../../src/testing/index.js'
import { runCommandWith, startCommand } from '../support/command-line.js'

const table = (count: string) =>
  [
    `sent          ${count}`,
    `acknowledged  ${count}`,
    `failed        ${'0'.padStart(count.length)}`,
    `lost          ${'0'.padStart(count.length)}`,
    `duplicated    ${'0'.padStart(count.length)}`,
    `out of order  ${'0'.padStart(count.length)}`,
    '',
  ].join('\n')

it('stops one of its own brokers and finds every record again', async () => {
  const { exitCode, stdout, stderr } = await runCommandWith('', 'demo', '--records', '20000')
  expect(stdout).toBe(table('20,000'))
  expect(stderr).toContain('odradek: broker 2 is down; sending goes on\n')
  expect(stderr).toContain('odradek: broker 2 is back\n')
  expect(exitCode).toBe(0)
})

it('sends the lines of a file or of standard input', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'odradek-demo-'))
  try {
    const path = join(folder, 'lines.txt')
    writeFileSync(path, 'a\nb\n\nthe same\nthe same')
    expect(await runCommandWith('', 'demo', path)).toMatchObject({ exitCode: 0, stdout: table('5') })
  } finally {
    rmSync(folder, { recursive: true })
  }
  expect(await runCommandWith('x\ny\n', 'demo', '-')).toMatchObject({ exitCode: 0, stdout: table('2') })
  expect(await runCommandWith('', 'demo', '-')).toMatchObject({ exitCode: 0, stdout: table('0') })
})

it('counts a line that is too long for a record as failed, and sends the others', async () => {
  const long = Buffer.alloc(17 * 1024 * 1024, 'x')
  const { exitCode, stdout, stderr } = await runCommandWith(
    [Buffer.from('a\n'), long, Buffer.from('\nb\n')],
    ...['demo', '-'],
  )
  expect(stdout).toMatch(/^sent +3\nacknowledged +2\nfailed +1\nlost +0\n/)
  expect(stderr).toContain(
    'odradek: the first error: line 2 of standard input has 17,825,792 bytes and a line can have 16,777,216\n',
  )
  expect(exitCode).toBe(1)
})

it("leaves a user's brokers and topics as they were", async () => {
  const cluster = await EmbeddedCluster.start({ brokers: 2, topics: [{ topic: 'mine', numPartitions: 2 }] })
  try {
    const where = ['--bootstrap-server', cluster.bootstrapServers]
    const own = await runCommandWith('', 'demo', ...where, '--records', '500')
    expect(own).toMatchObject({ exitCode: 0, stdout: table('500') })
    expect(own.stderr).not.toContain('broker 2')
    expect((await runCommandWith('', 'topics', ...where, '--list')).stdout).toBe('mine\n')

    // In a topic that existed before, only the records of the demo count.
    await runCommandWith('not of the demo\n', 'produce', ...where, '--topic', 'mine')
    for (let round = 0; round < 2; round++) {
      const { stdout } = await runCommandWith('', 'demo', ...where, '--topic', 'mine', '--records', '50')
      expect(stdout).toBe(table('50'))
    }
    expect(cluster.records('mine')).toHaveLength(101)
    const byProperty = ['--command-property', `bootstrap.servers=${cluster.bootstrapServers}`]
    await runCommandWith('', 'demo', ...byProperty, '--topic', 'mine', '--records', '7')
    expect(cluster.records('mine')).toHaveLength(108)
  } finally {
    await cluster.close()
  }
})

it('counts the records that brokers lose and refuse', async () => {
  const cluster = await EmbeddedCluster.start({ topics: [{ topic: 'leaky', numPartitions: 1 }] })
  try {
    let deleted = false
    const where = ['--bootstrap-server', cluster.bootstrapServers, '--topic', 'leaky', '--records', '10']
    const one = [
      '--command-property',
      'batch.size=0',
      '--command-property',
      'max.in.flight.requests.per.connection=1',
    ]
    cluster.failRequests({ api: 'Produce' }, 'TOPIC_AUTHORIZATION_FAILED')
    const remove = cluster.intercept({
      beforeHandling: ({ api }) => {
        // The acknowledged records are gone when the demo reads them.
        if (api === 'ListOffsets' && cluster.records('leaky').length > 0 && !deleted) {
          deleted = true
          cluster.recreateTopic('leaky')
        }
        return undefined
      },
    })
    const { exitCode, stdout, stderr } = await runCommandWith('', 'demo', ...where, ...one)
    remove()
    expect(deleted).toBe(true)
    expect(stdout).toMatch(/^failed +1$/m)
    expect(stdout).toMatch(/^lost +9$/m)
    expect(stderr).toContain('the first error: ')
    expect(exitCode).toBe(1)
  } finally {
    await cluster.close()
  }
})

it('ends when it is interrupted while standard input is idle', async () => {
  const { terminal, stdin, said, result } = startCommand('demo', '-')
  stdin.write('one\n')
  await said('the lines of standard input to odradek-demo')
  terminal.interrupt('SIGINT')
  const { exitCode, stdout } = await result
  expect(exitCode).toBe(130)
  expect(stdout).toMatch(/^lost +0$/m)
})

it('ends when it is interrupted while no broker can be reached, and says so in one sentence', async () => {
  const nobody = await EmbeddedCluster.start()
  await nobody.close()
  const { terminal, said, result } = startCommand('demo', '--bootstrap-server', nobody.bootstrapServers)
  await said('warning: cannot connect to broker ')
  terminal.interrupt('SIGTERM')
  const { exitCode, stderr } = await result
  expect(exitCode).toBe(143)
  expect(stderr).toContain('; trying again\n')
  expect(stderr).not.toContain('->')
  expect(stderr).toContain('odradek: interrupted before anything was sent\n')
})

it('ends when it is interrupted while it reads back, and says how many records were acknowledged', async () => {
  const cluster = await EmbeddedCluster.start()
  try {
    cluster.ignoreRequests({ api: 'Fetch', times: Number.POSITIVE_INFINITY })
    const where = ['--bootstrap-server', cluster.bootstrapServers]
    const { terminal, said, result } = startCommand('demo', ...where, '--records', '50')
    await said('reading everything back')
    terminal.interrupt('SIGINT')
    const { exitCode, stderr } = await result
    expect(exitCode).toBe(130)
    expect(stderr).toContain('odradek: given up: 50 records were acknowledged, not all were read back\n')
    expect((await runCommandWith('', 'topics', ...where, '--list')).stdout).toBe('')
  } finally {
    await cluster.close()
  }
})

it.each([
  ['a directory', [tmpdir()], `odradek: cannot read ${tmpdir()}: it is a directory\n`],
  ['a topic without a name', ['--topic', ''], 'odradek: invalid topic name: it is empty\n'],
])('refuses %s before it starts anything', async (_, args, message) => {
  expect(await runCommandWith('', 'demo', ...args)).toEqual({ exitCode: 1, stdout: '', stderr: message })
})
