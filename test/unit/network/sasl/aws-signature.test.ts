import { createHash, createHmac } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import {
  signedUrl,
  signingKey,
  stringToSign,
  uriEncoded,
} from '../../../../src/network/sasl/aws-signature.js'

const secretAccessKey = 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY'

describe("AWS's published example of a signature", () => {
  const scope = '20150830/us-east-1/iam/aws4_request'
  const canonicalRequest = [
    'GET',
    '/',
    'Action=ListUsers&Version=2010-05-08',
    'content-type:application/x-www-form-urlencoded; charset=utf-8',
    'host:iam.amazonaws.com',
    'x-amz-date:20150830T123600Z',
    '',
    'content-type;host;x-amz-date',
    createHash('sha256').digest('hex'),
  ].join('\n')

  it('has this key', () => {
    const key = 'c4afb1cc5771d871763a393e44b703571b55cc28424d1a5e86da6ed3c154a4b9'
    expect(Buffer.from(signingKey(secretAccessKey, scope)).toString('hex')).toBe(key)
  })

  it('has this text and this signature', () => {
    const text = stringToSign('20150830T123600Z', scope, canonicalRequest)
    expect(text.split('\n').at(-1)).toBe('f536975d06c0309214f805bb90ccff089219ecd68b2577efef23edd43b7e1a59')
    expect(createHmac('sha256', signingKey(secretAccessKey, scope)).update(text).digest('hex')).toBe(
      '5d672d79c15b13162d9279b0855cfba6789a8edb4c82c400e06b5924a6f2b5d7',
    )
  })
})

describe('a signed URL', () => {
  const request = {
    host: 'kafka.eu-west-1.amazonaws.com',
    region: 'eu-west-1',
    service: 'kafka-cluster',
    query: { Action: 'kafka-cluster:Connect' },
    expiresSeconds: 900,
  }
  const time = Date.parse('2026-01-02T03:04:05.678Z')

  it.each([
    [undefined, '7cc178453342e479def8e0e69cbff443ca929b5b0426af0f4b64554172c7195d'],
    ['SESSION/TOKEN+x==', 'ca2d38fe8f67974bb34d7076ba4792054201229449db550de156e20e6b0116c9'],
  ])("has the signature of Amazon's own signer, with the session token %s", (sessionToken, signature) => {
    const url = new URL(
      signedUrl(request, { accessKeyId: 'AKIDEXAMPLE', secretAccessKey, sessionToken }, time),
    )
    expect(url.searchParams.get('X-Amz-Signature')).toBe(signature)
    expect(url.searchParams.get('X-Amz-Security-Token')).toBe(sessionToken ?? null)
    expect(url.searchParams.get('X-Amz-Credential')).toBe(
      'AKIDEXAMPLE/20260102/eu-west-1/kafka-cluster/aws4_request',
    )
    expect(url.searchParams.get('X-Amz-Date')).toBe('20260102T030405Z')
    expect(url.searchParams.get('X-Amz-Expires')).toBe('900')
    expect(url.href).not.toContain(secretAccessKey)
  })

  it('encodes each byte that is not unreserved', () => {
    expect(uriEncoded("AZaz09-_.~ !'()*/+=é")).toBe('AZaz09-_.~%20%21%27%28%29%2A%2F%2B%3D%C3%A9')
  })
})
