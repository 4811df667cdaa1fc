import { X509Certificate } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { pemBlocks } from '../../../src/certificates/pem.js'
import { pemCertificates, pemKeyEntry } from '../../../src/certificates/pem-store.js'
import { MAX_INPUT_BYTES } from '../../../src/certificates/unreadable-input.js'
import { certificateText, password } from '../../support/certificates/certificates.js'

const root = certificateText('root.pem')
const subjects = (text: string): string[] => pemCertificates(text).map(({ subject }) => subject)
const base64 = root.split('\n').slice(1, -2).join('')

describe('certificates in PEM', () => {
  it.each([
    ['as openssl writes them', root],
    ['on one line', root.trim().replaceAll('\n', ' ')],
    [
      'on one line, the base64 in one word',
      `-----BEGIN CERTIFICATE----- ${base64} -----END CERTIFICATE-----`,
    ],
    ['with CRLF', root.replaceAll('\n', '\r\n')],
    ['indented', root.replaceAll('\n', '\n    ')],
    ['behind other text', `Bag Attributes\n    friendlyName: root\nsubject=/CN=root\n${root}`],
    ['before other text', `${root}\nthe end`],
    ['beside blocks of other kinds', `${certificateText('client.key')}${root}`],
    ['under the older name', root.replaceAll('CERTIFICATE', 'X509 CERTIFICATE')],
  ])('are read %s', (_, text) => {
    expect(subjects(text)).toEqual(['CN=root'])
  })

  it('are all read, in order', () => {
    expect(subjects(certificateText('chained-client.chain.pem'))).toEqual(['CN=client2', 'CN=intermediate'])
  })

  it('are given on as OpenSSL reads them', () => {
    const [block] = pemBlocks(root.trim().replaceAll('\n', ' '))
    expect(block?.pem).toBe(root)
    expect(new X509Certificate(block?.pem ?? '').subject).toBe('CN=root')
  })

  it.each([
    ['', 'is empty'],
    ['not a certificate', 'has no certificate in PEM'],
    [certificateText('client.key'), 'has no certificate in PEM'],
    [root.replace('-----END CERTIFICATE-----', ''), 'has no END of block 1: it is cut off'],
    ['-----BEGIN CERTIFICATE', 'has a BEGIN without the kind of block 1'],
    [root.replace('MII', 'M*I'), 'has a block 1 that is no base64'],
    [root.replace('MII', 'MI'), 'has a block 1 that is no base64'],
    ['-----BEGIN CERTIFICATE----------END CERTIFICATE-----', 'has a block 1 that is no base64'],
    [
      `${root}-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----`,
      'has a certificate 2 that cannot be read',
    ],
    [`-----BEGIN CERTIFICATE-----\n${root}`, 'has a block 1 that is no base64'],
    [
      'x'.repeat(MAX_INPUT_BYTES + 1),
      `has ${MAX_INPUT_BYTES + 1} bytes, more than the ${MAX_INPUT_BYTES} of any store`,
    ],
  ])('are refused where there are none: %#', (text, message) => {
    expect(() => pemCertificates(text)).toThrow(message)
  })
})

describe('a private key in PEM', () => {
  it.each(['client.key', 'client.sec1.key', 'client.encrypted.key', 'client.encrypted-3des.key'])(
    'is read from %s, with the certificate that belongs to it',
    (name) => {
      const { key, chain } = pemKeyEntry(certificateText(name), certificateText('client.pem'), password)
      expect(key.type).toBe('private')
      expect(chain.map(({ subject }) => subject)).toEqual(['CN=client1'])
    },
  )

  it('may be on one line and in one text with its certificate', () => {
    const text = certificateText('client.both.pem').replaceAll('\n', ' ')
    expect(pemKeyEntry(text, text, undefined).chain).toHaveLength(1)
  })

  it('has its certificate first and the issuers behind it, whatever their order was', () => {
    const text = certificateText('intermediate.pem') + certificateText('chained-client.pem')
    const { chain } = pemKeyEntry(certificateText('chained-client.key'), text, undefined)
    expect(chain.map(({ subject }) => subject)).toEqual(['CN=client2', 'CN=intermediate'])
  })

  const client = certificateText('client.pem')
  it.each([
    ['client.encrypted.key', undefined, 'has an encrypted private key, and no password of the key is given'],
    ['client.encrypted.key', 'nope', 'has an encrypted private key, and the password of the key is wrong'],
    [
      'client.encrypted-3des.key',
      'nope',
      'has an encrypted private key, and the password of the key is wrong',
    ],
    ['rsa.old-encrypted.key', 'nope', 'has an encrypted private key, and the password of the key is wrong'],
    ['rsa.old-encrypted.key', undefined, 'has an encrypted private key, and no password of the key is given'],
    ['client.encrypted-md5.key', password, 'encrypted in a form that this runtime cannot read'],
    ['broker.key', undefined, 'has a private key that belongs to none of the certificates'],
    ['rsa.pkcs1.key', undefined, 'has a private key that belongs to none of the certificates'],
    ['rsa.old-encrypted.key', password, 'has a private key that belongs to none of the certificates'],
    ['client.pem', undefined, 'has no private key in PEM'],
  ])('in %s with the password %s is refused', (name, given, message) => {
    expect(() => pemKeyEntry(certificateText(name), client, given)).toThrow(message)
  })

  it('must be the only one', () => {
    const two = certificateText('client.key') + certificateText('broker.key')
    expect(() => pemKeyEntry(two, client, undefined)).toThrow('has 2 private keys, and must have one')
  })

  it('that is no key is refused, and not shown', () => {
    const text = '-----BEGIN PRIVATE KEY-----\nY2FuYXJ5\n-----END PRIVATE KEY-----'
    expect(() => pemKeyEntry(text, client, undefined)).toThrow(
      /^has a private key that is damaged or of an unknown kind$/,
    )
  })
})

describe('a hostile text', () => {
  const size = MAX_INPUT_BYTES
  const repeated = (part: string): string => part.repeat(Math.floor(size / part.length))
  it.each([
    ['BEGIN again and again', repeated('-----BEGIN ')],
    ['BEGIN of certificates again and again', repeated('-----BEGIN CERTIFICATE-----')],
    ['empty certificates', repeated('-----BEGIN A----------END A-----')],
    ['dashes', repeated('-')],
    ['quotes', repeated('"')],
    ['dots', repeated('.')],
    ['blanks in a block', `-----BEGIN CERTIFICATE-----${' '.repeat(size - 60)}-----END CERTIFICATE-----`],
  ])('of %s is refused after one pass', (_, text) => {
    // A scan that began anew at each BEGIN would take hours, far beyond the limit of the test.
    expect(() => pemCertificates(text)).toThrow()
  })
})
