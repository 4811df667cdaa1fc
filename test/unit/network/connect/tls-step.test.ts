import { describe, expect, it } from 'vitest'
import type { SecureOptions, SecureSettings } from '../../../../src/environment/socket.js'
import { AuthenticationError, ConfigError, NetworkError } from '../../../../src/errors.js'
import type { SetUp } from '../../../../src/network/connect/connection-step.js'
import { encryptConnection } from '../../../../src/network/connect/tls-step.js'
import type { TlsSource } from '../../../../src/network/network-options.js'

const settings: SecureSettings = {
  context: {
    ca: undefined,
    identity: undefined,
    minVersion: 'TLSv1.2',
    maxVersion: 'TLSv1.3',
    ciphers: undefined,
  },
  verifiesAuthority: true,
  identity: 'host',
}

/** The options with which the step encrypts a connection to this host. */
async function encrypted(host: string, current: TlsSource['current']): Promise<SecureOptions[]> {
  const secured: SecureOptions[] = []
  const connection = { secure: (options: SecureOptions) => Promise.resolve(void secured.push(options)) }
  const target = { host, port: 9093, broker: `${host}:9093`, advertised: true, nodeId: 1, clusterId: null }
  await encryptConnection({ current }).run({ connection, target } as unknown as SetUp)
  return secured
}

describe('the step that encrypts a connection', () => {
  it.each([
    ['kafka.example', 'kafka.example'],
    ['kafka.example.', 'kafka.example'],
    ['127.0.0.1', '127.0.0.1'],
    ['::1', '::1'],
  ])('verifies %s as %s', async (host, verified) => {
    expect(await encrypted(host, async () => settings)).toEqual([{ ...settings, host: verified }])
  })

  it('asks for the settings each time', async () => {
    let asked = 0
    const current = async () => ({
      ...settings,
      context: { ...settings.context, ciphers: [String(++asked)] },
    })
    await encrypted('a', current)
    expect((await encrypted('a', current))[0]?.context.ciphers).toEqual(['2'])
  })

  it('does not encrypt with settings that cannot be used', async () => {
    const refused = encrypted('a', () => Promise.reject(new ConfigError('tls.ca', 'tls.ca is empty')))
    await expect(refused).rejects.toThrow(AuthenticationError)
    await expect(refused).rejects.toMatchObject({ code: 'TLS_SETTINGS', message: 'tls.ca is empty' })
  })

  it('fails for this time if the settings cannot be had', async () => {
    const failed = encrypted('a', () => Promise.reject(new Error('the vault is closed')))
    await expect(failed).rejects.toThrow(NetworkError)
    await expect(failed).rejects.toMatchObject({
      retriable: true,
      message: 'the function tls gave no usable options: the vault is closed',
    })
  })
})
