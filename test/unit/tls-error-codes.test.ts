import { describe, expect, it } from 'vitest'
import { stepFixes } from '../../src/doctor/judgement/step-fixes.js'
import { TLS_ERROR_CODES } from '../../src/tls-error-codes.js'
import { authenticationCodes, withAuthenticationCodes } from '../support/authentication-codes-markdown.js'
import { filesUnder, read } from './project/tree.js'

const codes = authenticationCodes.map(([code]) => code)

describe('the codes of an AuthenticationError', () => {
  it('are those of TLS and three of Kafka', () => {
    expect(codes).toEqual([
      ...TLS_ERROR_CODES.map(([code]) => code),
      'UNSUPPORTED_SASL_MECHANISM',
      'ILLEGAL_SASL_STATE',
      'SASL_AUTHENTICATION_FAILED',
    ])
  })

  it('are all in use in src/network', () => {
    const source = filesUnder('src/network').map(read).join('\n')
    expect(codes.filter((code) => !source.includes(`'${code}'`))).toEqual([])
  })

  it('have advice of their own', () => {
    const general = stepFixes('TLS', { code: 'NETWORK' })
    for (const code of codes) {
      expect(stepFixes('TLS', { code }), code).not.toEqual(general)
      expect(stepFixes('TLS', { code }), code).not.toEqual([])
    }
  })

  // `--update` writes this part of the file again.
  it('are the table in docs/security.md', async () => {
    await expect(withAuthenticationCodes(read('docs/security.md'))).toMatchFileSnapshot(
      '../../docs/security.md',
    )
  })

  it('stand with their meanings at the class', () => {
    const text = read('src/errors.ts').replaceAll(/\n \* +/g, ' ')
    for (const code of codes) expect(text).toContain(`- \`${code}\`: `)
    for (const [code, meaning] of TLS_ERROR_CODES) expect(text).toContain(`- \`${code}\`: ${meaning}`)
  })
})
