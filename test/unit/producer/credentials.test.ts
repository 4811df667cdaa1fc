import { expect, it, vi } from 'vitest'
import { AuthenticationError, NetworkError } from '../../../src/errors.js'
import { notSent } from '../../../src/network/connection-errors.js'
import { producerWorld } from '../../support/producer-world.js'
import { turns } from '../../support/turns.js'

vi.mock('../../../src/network/cluster.js', async () => ({
  Cluster: (await import('../../support/scripted-cluster.js')).ScriptedCluster,
}))

const quick = { deliveryTimeoutMs: 1_000, requestTimeoutMs: 500 }
const refused = (): AuthenticationError => new AuthenticationError('SASL: the password is wrong')

it('a record that timed out because the broker refuses the credentials is not worth sending again as it is', async () => {
  const world = await producerWorld(quick)
  world.send('first')
  await turns()
  world.next().answer()
  await turns()
  world.node(1).disconnect(refused())
  world.send('a')
  await world.pass(1_000)
  const error = world.outcomes[1]?.error
  expect(error).toMatchObject({ code: 'TIMEOUT', phase: 'queue', retriable: false, possiblyPersisted: false })
  expect(error?.message).toContain('the password is wrong')
  expect(error?.cause).toBeInstanceOf(AuthenticationError)
})

it('nor is one that was on its way when the credentials expired', async () => {
  const world = await producerWorld(quick)
  world.send('a')
  await turns()
  world.next().fail(new NetworkError('the connection was lost', { possiblyPersisted: true }))
  world.node(1).disconnect(refused())
  await world.pass(1_000)
  const error = world.outcomes[0]?.error
  expect(error).toMatchObject({ code: 'TIMEOUT', retriable: false, possiblyPersisted: true, attempts: 1 })
  expect(error?.message).toMatch(/the connection was lost.*the password is wrong.*may be in the log/)
  expect(error?.cause).toBeInstanceOf(AuthenticationError)
})

it('a broker that cannot be reached leaves a record worth sending again', async () => {
  const world = await producerWorld(quick)
  world.node(1).disconnect(new NetworkError('connection refused'))
  world.send('a')
  await world.pass(1_000)
  expect(world.outcomes[0]?.error).toMatchObject({ code: 'TIMEOUT', retriable: true })
})

it('a request that finds no connection for want of the right credentials says so by its kind', () => {
  const error = notSent('broker:9092 (node 1)', 'InitProducerId', refused())
  expect(error).toBeInstanceOf(AuthenticationError)
  expect(error).toMatchObject({ retriable: false, fatal: true, possiblyPersisted: false })
  expect(error.message).toContain('was not sent: SASL: the password is wrong')
  expect(notSent('broker:9092 (node 1)', 'Produce', undefined)).toMatchObject({
    code: 'NETWORK',
    retriable: true,
  })
})
