import type { SaslContext } from '../../../../src/network/sasl/mechanism.js'

/** The circumstances of a login in tests of mechanisms. */
export const firstLogin: SaslContext = {
  host: 'kafka',
  port: 9092,
  clientId: 'test',
  isRenewal: false,
  serviceName: null,
  signal: new AbortController().signal,
}

export const renewal: SaslContext = { ...firstLogin, isRenewal: true }

/** The bytes of a message, one character for each. */
export function text(message: Uint8Array | null): string | null {
  return message === null ? null : Buffer.from(message).toString('latin1')
}
