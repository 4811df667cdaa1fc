import { afterEach, describe, expect, it } from 'vitest'
import { resolveConfig } from '../../src/config/config.js'
import type { CheckName } from '../../src/doctor/checks.js'
import { examine } from '../../src/doctor/examination/examine.js'
import type { Finding } from '../../src/doctor/finding.js'
import { nodeEnvironment } from '../../src/environment/node-environment.js'
import type { Lookup } from '../../src/environment/socket.js'
import { EmbeddedCluster } from '../../src/testing/index.js'

const closers: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const close of closers.splice(0)) await close()
})

async function start(): Promise<EmbeddedCluster> {
  const cluster = await EmbeddedCluster.start()
  closers.push(() => cluster.close())
  return cluster
}

/** Examines a cluster under a name, which the resolver of the test knows. */
function examined(cluster: EmbeddedCluster, lookup: Lookup): Promise<Finding[]> {
  const port = cluster.bootstrapServers.split(':')[1]
  const config = resolveConfig({ bootstrapServers: `kafka.example.com:${port}`, logger: false })
  const limits = { stepMs: 1_000, wholeMs: 10_000 }
  const { signal } = new AbortController()
  const environment = { ...nodeEnvironment, lookup }
  return examine(config, environment, { topic: null, warnings: [], limits, signal, tell: () => undefined })
}

const known: Lookup = () => Promise.resolve([{ address: '127.0.0.1', family: 4 }])
const about = (findings: readonly Finding[], check: CheckName, subject: string) =>
  findings.filter((finding) => finding.check === check && finding.subject.startsWith(subject))

describe('the doctor under a name of the resolver', () => {
  it('takes localhost for the address of a broker, if the name leads to this machine', async () => {
    const cluster = await start()
    cluster.advertise(1, { host: 'localhost' })
    const findings = await examined(cluster, known)
    expect(findings.filter(({ verdict }) => verdict === 'wrong' || verdict === 'warning')).toEqual([])
    expect(about(findings, 'advertised-address', 'broker 1, advertised as localhost')).toHaveLength(1)
  })

  it('says that a failure follows from localhost, if the client is on another machine', async () => {
    const cluster = await start()
    cluster.advertise(1, { host: 'localhost', port: 1 })
    // The bootstrap server seems to be far away, and localhost has an address at which nothing listens.
    const findings = await examined(cluster, (host) =>
      Promise.resolve([{ address: host === 'localhost' ? '127.0.0.1' : '127.1', family: 4 }]),
    )
    expect(about(findings, 'advertised-address', 'broker 1')).toMatchObject([{ verdict: 'wrong' }])
    expect(about(findings, 'tcp', 'broker 1')).toMatchObject([
      { verdict: 'wrong', explanation: ['This follows from the address.'], fixes: [] },
    ])
  })

  it('tries every address of a name, and warns of those that fail', async () => {
    const cluster = await start()
    const findings = await examined(cluster, () =>
      Promise.resolve([
        { address: '127.0.0.2', family: 4 },
        { address: '127.0.0.1', family: 4 },
      ]),
    )
    expect(about(findings, 'name', 'bootstrap')[0]?.message).toBe(
      'kafka.example.com is 127.0.0.2 and 127.0.0.1',
    )
    const [refused, answered] = about(findings, 'tcp', 'bootstrap')
    expect(refused).toMatchObject({
      verdict: 'warning',
      explanation: ['The client goes on to the next address of the name.'],
    })
    expect(answered?.verdict).toBe('ok')
    // The resolver of the test gives the same two addresses to the advertised 127.0.0.1.
    expect(about(findings, 'tcp', 'broker 1').map(({ verdict }) => verdict)).toEqual(['warning', 'ok'])
    expect(findings.filter(({ verdict }) => verdict === 'wrong' || verdict === 'skipped')).toEqual([])
  })

  it('gives up a resolver that keeps silent', async () => {
    const findings = await examined(await start(), () => new Promise(() => undefined))
    expect(findings.filter(({ verdict }) => verdict === 'wrong')).toMatchObject([
      { check: 'name', message: 'kafka.example.com: no name server answered within 1000 ms' },
    ])
  })

  it('says so if a name has no address', async () => {
    const findings = await examined(await start(), () => Promise.resolve([]))
    expect(about(findings, 'name', 'bootstrap')[0]?.message).toBe(
      'kafka.example.com: the name has no address',
    )
  })
})
