import { describe, expect, it } from 'vitest'
import { finding } from '../../../../src/doctor/finding.js'
import {
  type Advertised,
  advertisedAddressFinding,
  atAdvertisedAddress,
  butUsable,
  followingFromAddress,
} from '../../../../src/doctor/judgement/advertised.js'

const seen = (fields: Partial<Advertised> = {}): Advertised => ({
  nodeId: 1,
  host: 'kafka',
  port: 9092,
  reached: { host: 'localhost', port: 9092, address: '127.0.0.1' },
  brokerCount: 1,
  securityProtocol: 'PLAINTEXT',
  listeners: null,
  ...fields,
})
const failedName = finding('name', 'broker 1', 'wrong', 'kafka: the name cannot be resolved')
const linesFor = (advertised: Advertised) =>
  atAdvertisedAddress(failedName, advertised).fixes.map(({ lines }) => lines?.join('\n') ?? null)

describe('the listener for clients outside of Docker', () => {
  const mapOf = (securityProtocol: string): string | undefined =>
    linesFor(seen({ host: 'host.docker.internal', securityProtocol }))
      .join('\n')
      .split('\n')
      .find((line) => line.startsWith('KAFKA_LISTENER_SECURITY_PROTOCOL_MAP'))

  it('has the security protocol of the client', () => {
    expect(mapOf('PLAINTEXT')).toMatch(/,EXTERNAL:PLAINTEXT$/)
    expect(mapOf('SASL_SSL')).toMatch(/,EXTERNAL:SASL_SSL$/)
  })

  it('keeps its TLS and its logins', () => {
    const advice = (securityProtocol: string) =>
      atAdvertisedAddress(failedName, seen({ host: 'host.docker.internal', securityProtocol }))
        .fixes.map((fix) => fix.advice)
        .join('\n')
    expect(advice('SASL_SSL')).toContain('with the ssl.* and sasl.* settings of the listener that you have')
    expect(advice('PLAINTEXT')).not.toContain('ssl.*')
  })
})

describe('another port of the same machine', () => {
  it.each([
    ['localhost', 'localhost'],
    ['localhost', '127.0.0.1'],
    ['kafka', 'kafka'],
  ])('is a port mapping: %s, reached as %s', (host, reachedHost) => {
    const reached = { host: reachedHost, port: 19_092, address: '127.0.0.1' }
    const found = atAdvertisedAddress(failedName, seen({ host, reached }))
    expect(found.explanation.join(' ')).toContain(
      'A port mapping (docker -p, kubectl port-forward) must keep',
    )
  })
})

describe('the address by its looks', () => {
  it('is wrong if it is that of every machine, and the client came from afar', () => {
    const reached = { host: 'kafka.example.com', port: 9092, address: '192.0.2.7' }
    const found = advertisedAddressFinding(seen({ host: 'localhost', reached }))
    expect(found).toMatchObject({
      verdict: 'wrong',
      message: 'broker 1 advertises localhost:9092, and the client seems to be on another machine',
    })
    expect(found.explanation[1]).toMatch(/looks for the broker on its own\.$/)
    expect(found.fixes[0]?.lines).toEqual(['advertised.listeners=PLAINTEXT://kafka.example.com:9092'])
  })

  it('is a warning only, if this client gets through all the same', () => {
    const reached = { host: 'kafka.example.com', port: 9092, address: '192.0.2.7' }
    const local = seen({ host: 'localhost', reached })
    const found = advertisedAddressFinding(local)
    expect(butUsable(found, local)).toMatchObject({
      verdict: 'warning',
      explanation: ['This client gets through. A client on another machine does not.'],
      fixes: found.fixes,
    })
    const good = advertisedAddressFinding(seen())
    expect(butUsable(good, seen())).toBe(good)
    const everywhere = seen({ host: '0.0.0.0' })
    expect(butUsable(advertisedAddressFinding(everywhere), everywhere).verdict).toBe('wrong')
  })

  it('is right on the machine itself, whatever name led there, and if it is any other', () => {
    expect(advertisedAddressFinding(seen({ host: 'localhost' })).verdict).toBe('ok')
    const reached = { host: 'my-laptop', port: 9092, address: '127.0.1.1' }
    expect(advertisedAddressFinding(seen({ host: 'localhost', reached })).verdict).toBe('ok')
    expect(advertisedAddressFinding(seen()).verdict).toBe('ok')
  })

  it.each([
    ['0.0.0.0', 9092],
    ['', 9092],
    ['kafka', 0],
    ['::', 9092],
  ])('is wrong if nobody can connect there: %s port %d', (host, port) => {
    expect(advertisedAddressFinding(seen({ host, port })).verdict).toBe('wrong')
  })
})

describe('a failure at an address that looks wrong', () => {
  const client = { where: 'client', setting: 'bootstrap.servers', advice: 'check it' } as const
  const own = { where: 'broker', setting: 'ssl.keystore.location', advice: 'renew it' } as const
  const failed = (check: 'name' | 'tcp' | 'tls', code: string) =>
    finding(check, 'broker 1', 'wrong', 'no', { fixes: [client, own], facts: { code } })

  it('follows from the address, and asks for nothing that the client did not write', () => {
    for (const check of ['name', 'tcp'] as const)
      expect(followingFromAddress(failed(check, 'NETWORK'))).toMatchObject({
        explanation: ['This follows from the address.'],
        fixes: [],
      })
    expect(followingFromAddress(failed('tls', 'TLS_HOST_MISMATCH'))).toMatchObject({
      explanation: ['This follows from the address.'],
      fixes: [own],
    })
  })

  it('is one of its own, if another address would not help', () => {
    const expired = followingFromAddress(failed('tls', 'TLS_CERTIFICATE_EXPIRED'))
    expect(expired).toMatchObject({ explanation: [], fixes: [own] })
    const good = finding('tcp', 'broker 1', 'ok', 'it answers')
    expect(followingFromAddress(good)).toBe(good)
  })
})

describe('the advice for an address that cannot be used', () => {
  it('keeps the other listeners, if the present value may be seen', () => {
    const listeners = 'INTERNAL://broker-1:29092, EXTERNAL://kafka:9092'
    expect(linesFor(seen({ listeners }))[0]).toBe(
      'advertised.listeners=INTERNAL://broker-1:29092,EXTERNAL://localhost:9092',
    )
  })

  it('asks for a name of each broker, if there are several', () => {
    const several = seen({ brokerCount: 3, nodeId: 2, securityProtocol: 'SASL_SSL' })
    expect(linesFor(several)[0]).toBe('advertised.listeners=SASL_SSL://<reachable name of broker 2>:9092')
  })

  it('says that the other listeners stay, if they may not be seen', () => {
    const advice = (listeners: string | null) =>
      atAdvertisedAddress(failedName, seen({ listeners })).fixes[0]?.advice
    expect(advice(null)).toBe(
      'set it on broker 1, keep its other listeners and the name of this one, and restart that broker',
    )
    expect(advice('EXTERNAL://kafka:9092')).toBe('set it on broker 1, and restart that broker')
  })

  it.each([
    ['TLS_CERTIFICATE_EXPIRED', []],
    ['SASL_AUTHENTICATION_FAILED', []],
    ['TLS_HOST_MISMATCH', ['advertised.listeners']],
    ['NETWORK', ['advertised.listeners']],
  ])('is about the address only if another address would help: %s', (code, settings) => {
    const found = finding('tls', 'broker 1', 'wrong', 'no', { facts: { code } })
    expect(atAdvertisedAddress(found, seen()).fixes.map(({ setting }) => setting)).toEqual(settings)
  })

  it('has the settings of the Docker image for the name of a container, and of nothing else', () => {
    expect(linesFor(seen())[1]).toContain(
      'KAFKA_ADVERTISED_LISTENERS=INTERNAL://kafka:29092,EXTERNAL://localhost:9092',
    )
    for (const host of ['kafka.example.com', '10.0.0.7', 'kafka-0.kafka.default.svc'])
      expect(linesFor(seen({ host })).join()).not.toContain('KAFKA_')
  })

  it.each([
    ['localhost', '127.0.0.1', '127.0.0.1'],
    ['127.0.0.1', 'localhost', '127.0.0.1'],
    ['::1', '127.0.0.1', '127.0.0.1'],
    ['localhost', 'my-laptop', '127.0.1.1'],
    ['Kafka', 'kafka', '10.0.0.7'],
    ['10.0.0.7', 'kafka', '10.0.0.7'],
  ])('speaks of the port for two names of one place: %s, reached as %s at %s', (host, name, address) => {
    const other = seen({ host, reached: { host: name, port: 19092, address } })
    const { explanation } = atAdvertisedAddress({ ...failedName, check: 'tcp' }, other)
    expect(explanation[1]).toMatch(/must keep the number: map 9092 to 9092, or advertise 19092\.$/)
  })

  it('asks for the port of the broker itself, if another broker answers', () => {
    const facts = { code: 'REBOOTSTRAP_REQUIRED' }
    const elsewhere = finding('versions', 'broker 1', 'wrong', 'another broker', { facts })
    const lines = (brokerCount: number, found = elsewhere) =>
      atAdvertisedAddress(found, seen({ brokerCount, port: 9094 })).fixes[0]?.lines
    expect(lines(2)).toEqual(['advertised.listeners=PLAINTEXT://<host>:<port of broker 1>'])
    expect(lines(1)).toEqual(['advertised.listeners=PLAINTEXT://localhost:9092'])
    const otherCluster = finding('same-cluster', 'broker 1', 'wrong', 'another cluster', {
      facts: { clusterId: 'x' },
    })
    expect(lines(2, otherCluster)).toEqual(['advertised.listeners=PLAINTEXT://<host>:<port of broker 1>'])
  })

  it('speaks of the port, if only the port differs', () => {
    const other = seen({ host: 'localhost', port: 29092 })
    const { explanation } = atAdvertisedAddress({ ...failedName, check: 'tcp' }, other)
    expect(explanation[1]).toBe(
      'The port differs from the one that you used. A port mapping (docker -p, kubectl port-forward) must keep the number: map 29092 to 29092, or advertise 9092.',
    )
  })

  it('leaves a finding alone that is not wrong, and keeps the advice of a later step', () => {
    const good = finding('name', 'broker 1', 'ok', 'kafka is 10.0.0.7')
    expect(atAdvertisedAddress(good, seen())).toBe(good)
    const fix = { where: 'broker', setting: 'ssl.keystore.location', advice: 'renew it' } as const
    const expired = finding('tls', 'broker 1', 'wrong', 'expired', { fixes: [fix] })
    expect(atAdvertisedAddress(expired, seen()).fixes[0]).toBe(fix)
  })
})
