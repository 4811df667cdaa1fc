import { PassThrough } from 'node:stream'
import { text } from 'node:stream/consumers'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { Outage } from '../../../src/cli/demo/outage.js'
import { Terminal } from '../../../src/cli/terminal.js'

let stderr: PassThrough
let terminal: Terminal

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout'] })
  stderr = new PassThrough()
  terminal = new Terminal(new PassThrough(), new PassThrough(), stderr)
})

afterEach(() => vi.useRealTimers())

async function outcome(outage: Outage): Promise<[boolean, string]> {
  outage.begin()
  await vi.runAllTimersAsync()
  const isBack = await outage.over()
  stderr.end()
  return [isBack, await text(stderr)]
}

const stopBroker = () => Promise.resolve()

it('an outage ends with the broker running', async () => {
  const [isBack, said] = await outcome(
    new Outage({ stopBroker, startBroker: () => Promise.resolve() }, terminal),
  )
  expect(isBack).toBe(true)
  expect(said).toContain('broker 2 is back\n')
})

it('an outage says if the broker could not be started again', async () => {
  const taken = Object.assign(new Error('taken'), { code: 'EADDRINUSE' })
  const [isBack, said] = await outcome(
    new Outage({ stopBroker, startBroker: () => Promise.reject(taken) }, terminal),
  )
  expect(isBack).toBe(false)
  expect(said).toContain('broker 2 could not be brought back: address already in use (EADDRINUSE)\n')
})

it('an outage that never began is over', async () => {
  expect(await new Outage({ stopBroker, startBroker: stopBroker }, terminal).over()).toBe(true)
})
