import { expect, it } from 'vitest'
import { AuthenticationError, NetworkError } from '../../../src/errors.js'
import { notSent } from '../../../src/network/connection/connection-errors.js'
import { producerWorld } from '../../support/producer-world.js'
import { turns } from '../../support/turns.js'

const quick = { deliveryTimeoutMs: 1_000, requestTimeoutMs: 500 }
const refused = (): AuthenticationError => new AuthenticationError('SASL: the password is wrong')

it('a record that timed out because the broker refuses the credentials is not retriable', async () => {
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

it('a record that was in flight when the credentials expired is not retriable', async () => {
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

it('a record that timed out because no broker can be reached is retriable', async () => {
  const world = await producerWorld(quick)
  world.node(1).disconnect(new NetworkError('connection refused'))
  world.send('a')
  await world.pass(1_000)
  expect(world.outcomes[0]?.error).toMatchObject({ code: 'TIMEOUT', retriable: true })
})

it('a request without a connection because of the credentials fails with an error of that class', () => {
  const error = notSent('broker:9092 (node 1)', 'InitProducerId', refused())
  expect(error).toBeInstanceOf(AuthenticationError)
  expect(error).toMatchObject({ retriable: false, fatal: true, possiblyPersisted: false })
  expect(error.message).toContain('was not sent: SASL: the password is wrong')
  expect(notSent('broker:9092 (node 1)', 'Produce', undefined)).toMatchObject({
    code: 'NETWORK',
    retriable: true,
  })
})
