import { Buffer } from 'node:buffer'
import { describe, expect, it } from 'vitest'
import { readBinaryStore, readPemKeyStore, readPemTrustStore } from '../../../src/certificates/read-store.js'
import type { Store } from '../../../src/certificates/store.js'
import { UnreadableInput } from '../../../src/certificates/unreadable-input.js'
import { certificateBytes, password } from '../../support/certificates/certificates.js'

const read = (name: string, store: string | undefined = password, key?: string): Store =>
  readBinaryStore(certificateBytes(name), { store, key })

/** The subjects of a store: of the trusted certificates, and of the chain of each key. */
function shown({ trusted, keys }: Store): { readonly trusted: string[]; readonly keys: string[][] } {
  const subject = (one: { readonly subject: string }): string => one.subject
  return { trusted: trusted.map(subject), keys: keys.map(({ chain }) => chain.map(subject)) }
}

describe('a trust store', () => {
  it.each(['trust.jks', 'trust.default.jks', 'trust.java.p12', 'trust.openssl.p12'])(
    'is read from %s',
    (name) => {
      expect(shown(read(name))).toEqual({ trusted: ['CN=root'], keys: [] })
    },
  )

  it('in JKS is read without its password', () => {
    expect(
      shown(readBinaryStore(certificateBytes('trust.jks'), { store: undefined, key: undefined })),
    ).toEqual({
      trusted: ['CN=root'],
      keys: [],
    })
  })

  it('in PEM is read too', () => {
    expect(readPemTrustStore(certificateBytes('chained-client.chain.pem')).trusted).toHaveLength(2)
  })
})

describe('a key store', () => {
  it.each([
    ['client.jks', ['CN=client1', 'CN=root']],
    ['client.java.p12', ['CN=client1', 'CN=root']],
    ['client.openssl.p12', ['CN=client1', 'CN=root']],
    ['client.3des.p12', ['CN=client1']],
    ['client.nomac.p12', ['CN=client1']],
  ])('is read from %s, with the chain of its key', (name, chain) => {
    const store = read(name)
    expect(shown(store)).toEqual({ trusted: [], keys: [chain] })
    expect(store.keys[0]?.key.asymmetricKeyType).toBe('ec')
  })

  it('may have another password for its key', () => {
    expect(shown(read('client.keypass.jks', password, 'otherpass')).keys).toHaveLength(1)
    expect(() => read('client.keypass.jks')).toThrow('has a private key for which the password is wrong')
  })

  it('trusts only certificates that were added for that', () => {
    expect(shown(read('both.java.p12'))).toEqual({
      trusted: ['CN=other-root'],
      keys: [['CN=client1', 'CN=root']],
    })
  })

  it('in PEM is read too', () => {
    expect(shown(readPemKeyStore(certificateBytes('client.both.pem'), undefined)).keys).toEqual([
      ['CN=client1'],
    ])
  })
})

describe('a store', () => {
  it.each(['trust.jks', 'client.jks', 'trust.java.p12', 'client.java.p12', 'client.openssl.p12'])(
    'with a wrong password is refused: %s',
    (name) => {
      expect(() => read(name, 'wrong')).toThrow('cannot be opened: its password is wrong, or it is damaged')
    },
  )

  it.each([
    ['trust.jceks', 'is a JCEKS store'],
    ['trust.rc2.p12', 'such as the RC2 of older JDKs: write it anew with keytool'],
    ['client.both.pem', 'is PEM, not JKS or PKCS12: set the type of the store to PEM'],
  ])('of another kind is refused with advice: %s', (name, message) => {
    expect(() => read(name)).toThrow(message)
  })

  it.each([
    [Buffer.alloc(0), 'is empty'],
    [Buffer.from('not a store'), 'is neither JKS nor PKCS12'],
    [Buffer.from('feedfeed', 'hex'), 'is damaged or cut off'],
    [Buffer.from('3080', 'hex'), 'is written in BER with indefinite lengths'],
    [Buffer.from('3084ffffffff', 'hex'), 'is damaged or cut off'],
    [Buffer.from('30', 'hex'), 'is damaged or cut off'],
  ])('of a few bytes is refused: %#', (bytes, message) => {
    expect(() => readBinaryStore(bytes, { store: undefined, key: undefined })).toThrow(message)
  })

  it('that PEM was promised for is refused with advice', () => {
    expect(() => readPemTrustStore(certificateBytes('trust.java.p12'))).toThrow(
      'set the type of the store to PKCS12',
    )
  })

  it.each(['trust.jks', 'client.jks', 'trust.java.p12', 'client.java.p12', 'client.openssl.p12'])(
    'that is cut off anywhere is refused, and never breaks the reader: %s',
    (name) => {
      const whole = certificateBytes(name)
      for (let length = 0; length < whole.length; length += 7) {
        const cut = whole.subarray(0, length)
        expect(() => readBinaryStore(cut, { store: undefined, key: password })).toThrow(UnreadableInput)
      }
    },
  )

  it.each(['trust.jks', 'client.jks', 'trust.java.p12', 'client.openssl.p12'])(
    'with a changed byte is read or refused: %s',
    (name) => {
      const whole = certificateBytes(name)
      const refusals = new Set<string>()
      for (let at = 0; at < whole.length; at += 5) {
        const changed = Buffer.from(whole)
        changed[at] = (changed[at] ?? 0) ^ 0xff
        try {
          readBinaryStore(changed, { store: undefined, key: password })
        } catch (error) {
          refusals.add(error instanceof UnreadableInput ? 'refused' : String(error))
        }
      }
      expect([...refusals]).toEqual(['refused'])
    },
  )

  it.each([
    ['02047fffffff', 'asks for 2147483647 rounds of hashing; from 1 to 1000000 are done'],
    ['020100', 'asks for 0 rounds of hashing'],
    ['0201ff', 'is damaged or cut off'],
    ['02050100000000', 'is damaged or cut off'],
  ])('that asks for too many rounds of hashing is refused: %s', (iterations, message) => {
    const sha256 = der('30', der('06', '608648016503040201'))
    const mac = der(
      '30',
      der('30', sha256, der('04', '00'.repeat(32))),
      der('04', '00'.repeat(8)),
      iterations,
    )
    const store = der(
      '30',
      '020103',
      der('30', der('06', '2a864886f70d010701'), der('a0', der('04', '3000'))),
      mac,
    )
    const bytes = Buffer.from(store, 'hex')
    expect(() => readBinaryStore(bytes, { store: password, key: undefined })).toThrow(message)
  })
})

/** A DER value in hexadecimal digits. */
function der(tag: string, ...contents: string[]): string {
  const content = contents.join('')
  const length = content.length / 2
  return `${tag}${length < 128 ? '' : '81'}${length.toString(16).padStart(2, '0')}${content}`
}
