import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { SOFTWARE_NAME, SOFTWARE_VERSION } from '../../src/version.js'

it('the client names itself to brokers as its package does', () => {
  const { name, version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'))
  expect([SOFTWARE_NAME, SOFTWARE_VERSION]).toEqual([name, version])
  // KIP-511: a broker refuses any other characters.
  for (const text of [SOFTWARE_NAME, SOFTWARE_VERSION])
    expect(text).toMatch(/^[a-zA-Z0-9](?:[a-zA-Z0-9\-.]*[a-zA-Z0-9])?$/)
})
