import { describe, expect, it } from 'vitest'
import { certificateFacts } from '../../../src/environment/tls-error.js'

it.each([
  ['Node gives an object without fields for no certificate', {}],
  ['Bun gives null', null],
])('there are no facts without a certificate: %s', (_, given) => {
  expect(certificateFacts(given as Parameters<typeof certificateFacts>[0])).toBeNull()
})

type Certificate = NonNullable<Parameters<typeof certificateFacts>[0]>

/** A certificate as Node shows it. */
function shown(fields: object): Certificate {
  const name = { CN: 'broker' }
  const dates = { valid_from: 'Nov 27 2025 GMT', valid_to: 'Nov 26 2026 GMT' }
  return {
    raw: Buffer.of(0x30),
    subject: name,
    issuer: name,
    ...dates,
    ...fields,
  } as Partial<Certificate> as Certificate
}

describe('a certificate of a peer that nobody knows yet', () => {
  it('brings no line of its own and no escape sequence into an error', () => {
    const name = { O: 'Example\nodradek error: all records are lost', CN: '\x1b[2J\x9bhidden\u2028' }
    const facts = certificateFacts(shown({ subject: name, issuer: name, subjectaltname: 'DNS:a\x1b[2Jb' }))
    const printed = 'O=Example odradek error: all records are lost, CN= [2J hidden'
    expect(facts).toMatchObject({
      subject: printed,
      issuer: printed,
      authority: printed,
      names: 'DNS:a [2Jb',
    })
  })

  it('does not fill an error with its names', () => {
    const long = 'x'.repeat(60_000)
    const facts = certificateFacts(shown({ subject: { CN: long }, subjectaltname: `DNS:${long}` }))
    expect(facts?.subject.length).toBeLessThan(400)
    expect(facts?.names.length).toBeLessThan(2_100)
  })

  it('may have no name at all', () => {
    const facts = certificateFacts(shown({ subject: undefined, issuer: undefined }))
    expect(facts).toMatchObject({ subject: 'no name', issuer: 'no name', names: 'no name' })
  })
})
