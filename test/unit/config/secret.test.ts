import { inspect } from 'node:util'
import { expect, it } from 'vitest'
import { Secret } from '../../../src/config/config.js'

it('a secret is shown by reveal() only', () => {
  const secret = new Secret('hunter2')
  expect(secret.reveal()).toBe('hunter2')
  const printed = [
    `${secret}`,
    String(secret),
    JSON.stringify({ secret }),
    inspect({ secret }, { depth: 9, showHidden: true }),
    inspect(new Error('x', { cause: secret }), { showHidden: true }),
    Object.entries(secret).join(),
    inspect(structuredClone({ ...secret })),
  ]
  expect(printed.filter((text) => text.includes('hunter2'))).toEqual([])
})
