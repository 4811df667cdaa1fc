import { copyFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { EmbeddedCluster } from '../../src/testing/index.js'
import { certificateFile, certificateText } from '../support/certificates/certificates.js'
import { runCommand } from '../support/kafka/run-command.js'
import { nodeProgram, nodeReleases } from './node-releases.js'
import { otherRuntimes } from './other-runtimes.js'
import { installPackage, type PackageUnderTest, root } from './package-under-test.js'

const { CI } = process.env
const pair = (name: string) => ({ key: certificateText(`${name}.key`), cert: certificateText(`${name}.pem`) })
const runtimes = [
  ...nodeReleases.map((version) => ({
    name: 'Node',
    version,
    command: async (): Promise<[string]> => [await nodeProgram(version)],
  })),
  ...otherRuntimes,
]

let subject: PackageUnderTest
const clusters: EmbeddedCluster[] = []
/** What the program of the user is told: the listeners, and the folder of the certificates. */
let secured: string

beforeAll(async () => {
  subject = await installPackage()
  const listeners = {
    server: { tls: pair('broker') },
    otherHost: { tls: pair('other-host') },
    mutual: { tls: { ...pair('broker'), ca: certificateText('root.pem'), requestCert: true } },
  }
  const addresses: Record<string, string> = { certificates: dirname(certificateFile('root.pem')) }
  for (const [name, { tls }] of Object.entries(listeners)) {
    const sasl = { users: { alice: 'alice-secret' } }
    const cluster = await EmbeddedCluster.start({ topics: ['orders'], tls, sasl })
    clusters.push(cluster)
    addresses[name] = cluster.bootstrapServers
  }
  secured = JSON.stringify(addresses)
})

afterAll(async () => {
  await Promise.all(clusters.map((cluster) => cluster.close()))
  await subject?.dispose()
})

describe.each(runtimes)('$name $version', ({ name, version, command }) => {
  let known: readonly [string, ...string[]] | undefined
  let reason = ''
  beforeAll(async () => {
    try {
      known = await command()
    } catch (error) {
      reason = `${name} ${version} cannot be fetched`
      if (CI) throw new Error(reason, { cause: error })
      console.warn(`\n## THE PACKAGE ON ${reason.toUpperCase()}: NOT RUN ##\n${String(error)}\n`)
    }
  })

  /** Runs a program of a user, which prints JSON. */
  async function outcomeOf(file: string, [program, ...args]: readonly [string, ...string[]]) {
    const path = join(subject.project, file)
    await copyFile(join(root, 'test', 'package', 'consumers', file), path)
    const env = { NODE_OPTIONS: '', NODE_ENV: 'production', SECURED: secured }
    const { stdout, stderr } = await runCommand(program, [...args, path], { env })
    expect(stderr).toBe('')
    return JSON.parse(stdout.toString())
  }

  // The other tests of the package do that with Node.
  if (name !== 'Node') {
    it('sends a record without TLS', async ({ skip }) => {
      if (known === undefined) return skip(reason)
      expect(await outcomeOf('module.js', known)).toEqual({
        offset: '0',
        values: ['created'],
        isKafkaError: true,
      })
    })
  }

  it('logs in over TLS, and refuses and is refused with the errors of Node', async ({ skip }) => {
    if (known === undefined) return skip(reason)
    expect(await outcomeOf('secured.js', known)).toEqual({
      scram512: 'orders',
      scram256: 'orders',
      plain: 'orders',
      properties: 'orders',
      mutual: 'orders',
      wrongPassword: 'AuthenticationError SASL_AUTHENTICATION_FAILED',
      unknownAuthority: 'AuthenticationError TLS_AUTHORITY_UNKNOWN',
      otherHost: 'AuthenticationError TLS_HOST_MISMATCH',
      noCertificate: 'AuthenticationError TLS_CLIENT_CERTIFICATE',
    })
  })
})
