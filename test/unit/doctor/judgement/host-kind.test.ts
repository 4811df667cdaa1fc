import { expect, it } from 'vitest'
import { hostKind, hostKindInWords } from '../../../../src/doctor/judgement/host-kind.js'

it.each([
  ['localhost', 'this-machine'],
  ['LOCALHOST.', 'this-machine'],
  ['kafka.localhost', 'this-machine'],
  ['127.0.1.1', 'this-machine'],
  ['::1', 'this-machine'],
  ['0.0.0.0', 'every-address'],
  ['::', 'every-address'],
  ['10.1.2.3', 'private'],
  ['172.16.0.1', 'private'],
  ['172.31.255.255', 'private'],
  ['192.168.1.1', 'private'],
  ['fd00::1', 'private'],
  ['172.32.0.1', 'public'],
  ['1.2.3.4', 'public'],
  ['2001:db8::1', 'public'],
  ['kafka-0.kafka-headless.default.svc.cluster.local', 'kubernetes'],
  ['kafka-0.kafka.default.svc', 'kubernetes'],
  ['host.docker.internal', 'docker-host'],
  ['ip-10-0-1-2.eu-west-1.compute.internal', 'cloud'],
  ['3f2a9c1b7d4e', 'container-id'],
  ['kafka', 'short'],
  ['broker-1', 'short'],
  ['kafka.example.com', 'public'],
  ['b-1.msk.eu-west-1.amazonaws.com', 'public'],
])('%s is %s', (host, kind) => {
  expect(hostKind(host)).toBe(kind)
})

it('only a public host has nothing to say', () => {
  const silent = Object.entries(hostKindInWords).filter(([, say]) => say === null)
  expect(silent.map(([kind]) => kind)).toEqual(['public'])
  expect(hostKindInWords.short?.('kafka')).toMatch(/^kafka has no domain: /)
})
