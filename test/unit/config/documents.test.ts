import { describe, expect, it } from 'vitest'
import { configKeys } from '../../../src/config/table.js'
import { adminConfigs } from '../../../src/config/table-admin.js'
import { connectionConfigs } from '../../../src/config/table-connection.js'
import { oauthConfigs } from '../../../src/config/table-oauth.js'
import { partitioningConfigs } from '../../../src/config/table-partitioning.js'
import { securityConfigs } from '../../../src/config/table-security.js'
import { sendingConfigs } from '../../../src/config/table-sending.js'
import { type InterfaceFile, interfaceFile } from '../../support/config-documents/config-interface.js'
import { configurationMarkdown } from '../../support/config-documents/configuration-markdown.js'

const interfaces: readonly InterfaceFile[] = [
  {
    path: 'src/config/given/connection-config.ts',
    table: 'table-connection.ts',
    entries: connectionConfigs,
    name: 'ConnectionConfig',
    extended: [],
    description: 'How brokers are found and reached. Producers and admins have these settings.',
  },
  {
    path: 'src/config/given/sending-config.ts',
    table: 'table-sending.ts',
    entries: sendingConfigs,
    name: 'SendingConfig',
    extended: [],
    description: 'How a producer serializes, batches, compresses and delivers records.',
  },
  {
    path: 'src/config/given/partitioning-config.ts',
    table: 'table-partitioning.ts',
    entries: partitioningConfigs,
    name: 'PartitioningConfig',
    extended: [],
    description: 'How a record gets a partition if it names none.',
  },
  {
    path: 'src/config/given/security-config.ts',
    table: 'table-security.ts',
    entries: securityConfigs,
    name: 'SecurityConfig',
    extended: [],
    description: 'Encryption and authentication. Producers and admins have these settings.',
  },
  {
    path: 'src/config/given/oauth-config.ts',
    table: 'table-oauth.ts',
    entries: oauthConfigs,
    name: 'OAuthConfig',
    extended: [],
    description: 'Tokens from a token endpoint or a file. Producers and admins have these settings.',
  },
  {
    path: 'src/config/given/admin-config.ts',
    table: 'table-admin.ts',
    entries: adminConfigs,
    name: 'AdminConfig',
    extended: ['ConnectionConfig', 'SecurityConfig', 'OAuthConfig'],
    description: 'The settings of an admin. All except `bootstrapServers` may be left out.',
  },
]

// `vitest --update` makes the files again.
describe('docs/configuration.md', () => {
  it('is up to date with the tables', async () => {
    await expect(configurationMarkdown()).toMatchFileSnapshot('../../../docs/configuration.md')
  })

  it('has a row for every key', () => {
    const rows = configurationMarkdown().split('\n')
    for (const key of [...configKeys, ...Object.keys(adminConfigs)]) {
      expect(
        rows.filter((row) => row.startsWith(`| \`${key}\``)),
        key,
      ).toHaveLength(1)
    }
  })
})

describe('the interfaces of the settings', () => {
  it.each(interfaces)('$path is up to date with its table', async (file) => {
    await expect(interfaceFile(file)).toMatchFileSnapshot(`../../../${file.path}`)
  })

  it('give the meaning, the allowed values and the default of each setting', () => {
    const [, sending] = interfaces
    const text = sending === undefined ? '' : interfaceFile(sending)
    expect(text).toContain(
      [
        '  /**',
        '   * How long a batch that is not full waits for more records. 0: it is sent at once. A number above',
        '   * 2147483647 counts as 2147483647. A value that you give acts as in Java. If you give none, a batch waits',
        '   * only while a request to its leader is in flight.',
        '   *',
        '   * Milliseconds: a whole number from 0 to 2^53 - 1. Java: `linger.ms`.',
        '   *',
        '   * @default 5',
        '   */',
        '  readonly lingerMs?: number | undefined',
      ].join('\n'),
    )
    expect(text).toContain("  readonly acks?: 'all' | -1 | 0 | 1 | undefined\n")
  })
})
