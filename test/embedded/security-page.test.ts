import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { securityConfigs } from '../../src/config/table-security.js'
import { tlsOptionTable } from '../../src/config/tls/tls-option-table.js'
import { EmbeddedCluster } from '../../src/testing/index.js'
import { certificateText } from '../support/certificates/certificates.js'
import { buildProgram } from '../support/command-process.js'
import { filesOf, programsOf } from '../support/documented-programs.js'
import { runCommand } from '../support/kafka/run-command.js'
import { read, root } from '../unit/project/tree.js'

const page = read('docs/security.md')
const programs = programsOf(page)

/** The address that every program of the page connects to. */
const documentedServer = 'localhost:9094'

const before = process.cwd()
let folder: string

beforeAll(async () => {
  await buildProgram()
  folder = await mkdtemp(join(tmpdir(), 'odradek-security-'))
  await mkdir(join(folder, 'node_modules'))
  await symlink(root, join(folder, 'node_modules', 'odradek'))
  await symlink(join(root, 'node_modules', '@types'), join(folder, 'node_modules', '@types'))
  await writeFile(join(folder, 'ca.pem'), certificateText('root.pem'))
  // Such a file often ends with a line break.
  await writeFile(join(folder, 'password'), 'alice-secret\n')
  // The programs read files of the current folder.
  process.chdir(folder)
}, 120_000)

afterAll(async () => {
  process.chdir(before)
  await rm(folder, { recursive: true, force: true })
})

describe('a program of the page about security', () => {
  it.each(programs)('runs, and prints what the page says: $file', async ({ file, code, output }) => {
    const cluster = await EmbeddedCluster.start({
      brokers: 1,
      tls: { key: certificateText('broker.key'), cert: certificateText('broker.pem') },
      sasl: { users: { alice: 'alice-secret' }, tokenHolder: () => ({ username: 'alice' }) },
    })
    try {
      const connected = (text: string): string => text.replaceAll(documentedServer, cluster.bootstrapServers)
      for (const { file: name, content } of filesOf(page))
        await writeFile(join(folder, name), connected(content))
      await writeFile(join(folder, file), connected(code))
      await compile(file)
      const ran = await runCommand(process.execPath, [file.replace('.mts', '.mjs')])
      expect(ran.stdout.toString()).toBe(output)
      expect(ran.stderr.toString()).toBe('')
    } finally {
      await cluster.close()
    }
  })
})

describe('the table of TLS settings', () => {
  const [, table = ''] = page.split("## TLS: Java's settings and Node's options")

  it('has every setting of Java and every option of Node', () => {
    const settings = Object.values(securityConfigs).flatMap(({ javaName }) => javaName ?? [])
    const ours = settings.filter((name) => name.startsWith('ssl.'))
    expect(ours.length).toBeGreaterThan(10)
    for (const name of [...ours, ...Object.keys(tlsOptionTable)]) expect(table).toContain(`\`${name}\``)
  })
})

describe('the page about security', () => {
  it('leads to the page of every provider', () => {
    for (const name of [
      'confluent-cloud',
      'msk',
      'aiven',
      'event-hubs',
      'redpanda',
      'strimzi',
      'plain-kafka',
    ])
      expect(page).toContain(`(providers/${name}.md`)
  })
})

/** Checks the types as strictly as a user can. */
async function compile(file: string): Promise<void> {
  const options = ['--strict', '--exactOptionalPropertyTypes', '--noUncheckedIndexedAccess', '--ignoreConfig']
  const output = ['--module', 'nodenext', '--target', 'es2022', '--types', 'node']
  const tsc = join(root, 'node_modules', 'typescript', 'bin', 'tsc')
  await runCommand(process.execPath, [tsc, ...options, ...output, file])
}
