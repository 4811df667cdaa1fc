import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { EmbeddedCluster } from '../../src/testing/index.js'
import { certificateFile, certificateText } from '../support/certificates/certificates.js'
import { runCommandWith } from '../support/command-line.js'
import { buildProgram, startProcess } from '../support/command-process.js'
import { MARKER, Printed } from '../support/printed.js'

const users = { alice: 'right' }
const tls = { key: certificateText('broker.key'), cert: certificateText('broker.pem') }
const trust = { 'ssl.truststore.type': 'PEM', 'ssl.truststore.location': certificateFile('root.pem') }
const jaas = (options: string, module = 'plain.PlainLoginModule') =>
  `org.apache.kafka.common.security.${module} required ${options};`
const login = jaas(`username="alice" password="${MARKER}"`)
/** A key in PEM, on the lines between its head and its foot. */
const bodyOfKey = certificateText('client.encrypted.key').split('\n').slice(1, -2)

let cluster: EmbeddedCluster
let folder: string

beforeAll(async () => {
  await buildProgram()
  cluster = await EmbeddedCluster.start({ topics: ['orders'], tls, sasl: { users } })
  folder = await mkdtemp(join(tmpdir(), 'odradek-cli-secrets-'))
}, 120_000)

afterAll(async () => {
  await rm(folder, { recursive: true })
  await cluster.close()
})

const where = () => ['--bootstrap-server', cluster.bootstrapServers]

/** Runs the command line as a process. */
async function runProcess(args: readonly string[], env: Readonly<Record<string, string>>) {
  const { process: child, ended } = startProcess([...args, ...where()], { env: { ...process.env, ...env } })
  child.stdin.end('a\n')
  return ended
}

const asOptions = (settings: Readonly<Record<string, string>>): string[] =>
  Object.entries(settings).flatMap(([key, value]) => ['--command-property', `${key}=${value}`])

const produce = ['produce', '--topic', 'orders', '--command-property', 'max.block.ms=1000']
const list = ['topics', '--list']

describe('the commands print no secret of settings that fail:', () => {
  it.each<[string, Readonly<Record<string, string>>, string]>([
    [
      'a wrong password for SCRAM',
      {
        'security.protocol': 'SASL_SSL',
        ...trust,
        'sasl.mechanism': 'SCRAM-SHA-512',
        'sasl.jaas.config': jaas(`username="alice" password="${MARKER}"`, 'scram.ScramLoginModule'),
      },
      'the broker refused the SCRAM-SHA-512 login',
    ],
    [
      'a wrong password for PLAIN',
      { 'security.protocol': 'SASL_SSL', ...trust, 'sasl.mechanism': 'PLAIN', 'sasl.jaas.config': login },
      'the broker refused the PLAIN login',
    ],
    [
      'a broker that is not trusted',
      { 'security.protocol': 'SASL_SSL', 'sasl.mechanism': 'PLAIN', 'sasl.jaas.config': login },
      'is not trusted',
    ],
    [
      'a login module that cannot be read',
      {
        'security.protocol': 'SASL_SSL',
        ...trust,
        'sasl.mechanism': 'PLAIN',
        'sasl.jaas.config': jaas(`username="alice" password=${MARKER}!`),
      },
      'is no JAAS text of Java',
    ],
    [
      'a wrong password of a trust store',
      {
        'security.protocol': 'SSL',
        'ssl.truststore.location': certificateFile('trust.jks'),
        'ssl.truststore.password': MARKER,
      },
      'its password is wrong',
    ],
    [
      'a wrong password of a key',
      {
        'security.protocol': 'SSL',
        ...trust,
        'ssl.keystore.type': 'PEM',
        'ssl.keystore.key': certificateText('client.encrypted.key'),
        'ssl.keystore.certificate.chain': certificateText('client.pem'),
        'ssl.key.password': MARKER,
      },
      'the password of the key is wrong',
    ],
    [
      'a key that cannot be read',
      {
        'security.protocol': 'SSL',
        ...trust,
        'ssl.keystore.type': 'PEM',
        'ssl.keystore.key': `-----BEGIN PRIVATE KEY-----\n${MARKER}\n-----END PRIVATE KEY-----`,
        'ssl.keystore.certificate.chain': certificateText('client.pem'),
      },
      'damaged or of an unknown kind',
    ],
    [
      'a misspelt setting',
      { 'security.protocol': 'SSL', ...trust, 'ssl.keystore.passwort': MARKER },
      'ssl.keystore.passwort',
    ],
  ])('%s', async (name, settings, reason) => {
    const file = join(folder, `${name}.properties`)
    const lines = Object.entries(settings).map(([key, value]) => `${key}=${value.replaceAll('\n', '\\n')}`)
    await writeFile(file, lines.join('\n'))
    const printed = new Printed()
    for (const command of [produce, list])
      for (const way of [asOptions(settings), ['--command-config', file]]) {
        const { exitCode, stdout, stderr } = await runCommandWith('a\n', ...command, ...way, ...where())
        expect(exitCode).toBe(1)
        printed.add(stdout)
        printed.add(stderr)
      }
    expect(printed.text).toContain(reason)
    expect(printed.leaks([MARKER, ...bodyOfKey])).toEqual([])
  })

  it('a listener with TLS and a client without it', async () => {
    const settings = {
      'security.protocol': 'SASL_PLAINTEXT',
      'sasl.mechanism': 'PLAIN',
      'sasl.jaas.config': login,
    }
    const ended = await runCommandWith('a\n', ...produce, ...asOptions(settings), ...where())
    expect(ended.stderr).toContain('sends the password unencrypted')
    expect(ended.stderr).toContain('A listener that expects TLS does not answer')
    const printed = new Printed()
    printed.add(ended)
    expect(printed.leaks([MARKER])).toEqual([])
  })
})

describe('the environment of the process does not weaken the check of a broker:', () => {
  it.each([
    { NODE_TLS_REJECT_UNAUTHORIZED: '0' },
    { NODE_OPTIONS: '--tls-min-v1.0 --tls-cipher-list=ALL:@SECLEVEL=0' },
    { NODE_OPTIONS: '--use-openssl-ca', SSL_CERT_FILE: '', SSL_CERT_DIR: '' },
  ])('%o', async (env) => {
    const settings = {
      'security.protocol': 'SASL_SSL',
      'sasl.mechanism': 'PLAIN',
      'sasl.jaas.config': jaas('username="alice" password="right"'),
    }
    const before = cluster.requests().length
    const ended = [produce, list].map((command) => runProcess([...command, ...asOptions(settings)], env))
    for (const { exitCode, stderr } of await Promise.all(ended)) {
      expect(exitCode).toBe(1)
      expect(stderr).toContain('the authority CN=root, which is not trusted')
    }
    expect(cluster.requests()).toHaveLength(before)
    expect(cluster.records('orders')).toEqual([])
  })

  it('and settings that trust the broker work under it', async () => {
    const settings = {
      'security.protocol': 'SASL_SSL',
      ...trust,
      'sasl.mechanism': 'PLAIN',
      'sasl.jaas.config': jaas('username="alice" password="right"'),
    }
    const env = { NODE_TLS_REJECT_UNAUTHORIZED: '0' }
    expect(await runProcess([...produce, ...asOptions(settings)], env)).toMatchObject({ exitCode: 0 })
    expect(cluster.records('orders')).toHaveLength(1)
  })
})
