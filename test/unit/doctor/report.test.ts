import { expect, it } from 'vitest'
import { checks, dependentsOf } from '../../../src/doctor/checks.js'
import { finding, skipped } from '../../../src/doctor/finding.js'
import { doctorReport } from '../../../src/doctor/report.js'

const about = { bootstrapServers: ['a:1'], topic: null }

it('a report is wrong if any finding is, whatever else there is', () => {
  const fine = [
    finding('tcp', 'a', 'ok', 'yes'),
    finding('min-isr', 't', 'warning', 'hm'),
    finding('clock', 'm', 'unknown', '?'),
    ...skipped(['tls'], 'a', 'so'),
  ]
  expect(doctorReport(about, fine)).toMatchObject({
    verdict: 'ok',
    clusterId: null,
    counts: { ok: 1, warning: 1, wrong: 0, skipped: 1, unknown: 1 },
  })
  const cluster = finding('cluster', 'cluster', 'ok', 'c', { facts: { clusterId: 'id' } })
  expect(doctorReport(about, [...fine, cluster, finding('tcp', 'b', 'wrong', 'no')])).toMatchObject({
    verdict: 'wrong',
    clusterId: 'id',
  })
})

it('every check needs checks that are made before it', () => {
  const names = Object.keys(checks)
  // The brokers' addresses come after the cluster, with the checks of a server again.
  for (const [name, { needs }] of Object.entries(checks))
    for (const need of needs)
      expect(names.indexOf(need), `${name} needs ${need}`).toBeLessThan(names.indexOf(name))
})

it('a check is left out with all that need it, however far behind it', () => {
  expect(dependentsOf('sasl-login')).toContain('min-isr')
  expect(dependentsOf('topic')).toEqual(['leaders', 'replicas', 'min-isr', 'write-right', 'timestamps'])
  expect(dependentsOf('tcp', ['tls', 'settings', 'clock'])).toEqual(['tls'])
})
