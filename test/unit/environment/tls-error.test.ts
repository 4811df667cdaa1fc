import { expect, it } from 'vitest'
import { certificateFacts } from '../../../src/environment/tls-error.js'

it.each([
  ['Node gives an object without fields for no certificate', {}],
  ['Bun gives null', null],
])('there are no facts without a certificate: %s', (_, given) => {
  expect(certificateFacts(given as Parameters<typeof certificateFacts>[0])).toBeNull()
})
