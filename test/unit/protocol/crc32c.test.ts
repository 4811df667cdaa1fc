import { expect, it } from 'vitest'
import { crc32c } from '../../../src/protocol/crc32c.js'
import { SeededRandom } from '../../support/random.js'
import { naiveCrc32c } from '../../support/record-batch/naive-batch.js'

it.each([
  ['', 0x00000000],
  ['123456789', 0xe3069283],
  ['\0'.repeat(32), 0x8a9136aa],
])('the CRC-32C of %j is the published one', (text, crc) => {
  expect(crc32c(Buffer.from(text))).toBe(crc)
})

it('the CRC-32C of any bytes equals the one computed bit by bit from the polynomial', () => {
  const random = new SeededRandom(3)
  for (let length = 0; length < 300; length++) {
    const bytes = random.bytes(length)
    expect(crc32c(bytes)).toBe(naiveCrc32c(bytes))
  }
})
