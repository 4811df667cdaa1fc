import { allowedValues } from '../../../src/config/check.js'
import type { ConfigEntries, ConfigEntry } from '../../../src/config/entry.js'
import { type ForeignKey, ignoredJavaKeys, refusedJavaKeys } from '../../../src/config/foreign-keys.js'
import { configRules } from '../../../src/config/rules.js'
import { dottedName } from '../../../src/config/table.js'
import { adminConfigs } from '../../../src/config/table-admin.js'
import { connectionConfigs } from '../../../src/config/table-connection.js'
import { oauthConfigs } from '../../../src/config/table-oauth.js'
import { partitioningConfigs } from '../../../src/config/table-partitioning.js'
import { securityConfigs } from '../../../src/config/table-security.js'
import { sendingConfigs } from '../../../src/config/table-sending.js'
import { tlsOptionTable } from '../../../src/config/tls/tls-option-table.js'
import { shownDefault, supportNote } from './shown-entry.js'
import { wrapped } from './wrapped.js'

const introduction = `# Configuration

<!-- Made from the tables in src/config/table-*.ts. To make it again:
     npx vitest run --project unit test/unit/config/documents.test.ts --update -->

The settings of \`new Producer({ ... })\` and \`new Admin({ ... })\`. The names are Java's in camelCase. Defaults
and ranges are Java's unless a row says otherwise.

- A key whose value is \`undefined\` counts as left out.
- An unknown key, a value of the wrong type and a value out of range are errors. One \`ConfigError\` reports
  all of them, each with its key, its value and the rule. Its \`problems\` lists them.
- A setting that this version does not support yet is an error too. It is never ignored.`

const properties = `\`fromProperties\` makes a config from Java's names. It takes the text of a \`.properties\` file, or an object.

- It ignores a key that a producer has no use for, as Java does: a key of Kafka's consumers, admin clients,
  brokers, Streams or Connect, a key of a schema registry, a key that Kafka has removed, and an unknown key.
  Each ignored key gets one warning. Warnings go to \`logger\` if it is given. Otherwise they are process
  warnings.
- It refuses a key of SASL that this version does not support, and an unknown key that may be about
  security.
- With \`{ strict: true }\` it refuses every key that it would ignore.
- \`key.serializer\` and \`value.serializer\` may be Kafka's String, ByteArray, ByteBuffer or BytesSerializer,
  with UTF-8 as their encoding. \`partitioner.class\` may be Kafka's RoundRobinPartitioner, DefaultPartitioner
  or UniformStickyPartitioner.`

const tlsIntroduction = `The options have the names of Node's \`tls.connect\`. A function may give them too, or a promise of them. It is
asked for each connection, so certificates may be renewed without a restart.

The name to verify is always that of the broker, as the bootstrap servers or the cluster give it. It is sent
to the broker (SNI). Sessions are not resumed. So \`host\`, \`servername\`, \`socket\` and \`session\` are refused.`

const oauthIntroduction = `For a producer and for an admin, with the mechanism OAUTHBEARER. The login module of \`saslJaasConfig\` has the
options \`clientId\`, \`clientSecret\`, \`scope\` and \`extension_<name>\`. Its \`ssl.*\` options are for the connection
to the token endpoint, which uses no other \`ssl...\` setting. The object \`oidc\` of
\`sasl: { mechanism: 'OAUTHBEARER', oidc: { ... } }\` says the same: its fields are these settings without their
first words.

No URL is asked and no file is read because a setting names it: it must be in \`allowedTokenUrls\` or
\`allowedTokenFiles\`, letter by letter. Both lists are empty until code gives them. This holds for \`oidc\` too,
because programs take it from files and from the environment.`

function tlsOptions(): string {
  const rows = Object.entries(tlsOptionTable).map(([name, meaning]) => `| \`${name}\` | ${meaning} |`)
  return ['| option | meaning |', '| --- | --- |', ...rows].join('\n')
}

/** The whole of docs/configuration.md. */
export function configurationMarkdown(): string {
  return `${[
    introduction,
    '## Records and their delivery',
    'For a producer.',
    tableOf(sendingConfigs),
    '## Partitions of records',
    'For a producer.',
    tableOf(partitioningConfigs),
    '## Connections',
    'For a producer and for an admin.',
    tableOf(connectionConfigs),
    '## Security',
    'For a producer and for an admin.',
    tableOf(securityConfigs),
    '### Tokens from a token endpoint',
    oauthIntroduction,
    tableOf(oauthConfigs),
    '### The object `tls`',
    tlsIntroduction,
    tlsOptions(),
    '## Admin',
    'For an admin.',
    tableOf(adminConfigs),
    '## Rules between settings',
    configRules.map(({ text }) => item(text)).join('\n'),
    '## Files of settings',
    properties,
    "These keys of Java's producer have no meaning here. `fromProperties` ignores them:",
    listOf(ignoredJavaKeys),
    'It refuses these keys, because ignoring them could do harm:',
    listOf(refusedJavaKeys),
  ].join('\n\n')}\n`
}

function tableOf(entries: ConfigEntries): string {
  const rows = Object.entries(entries).map(([key, entry]) => [
    namesOf(key, entry)
      .map((name) => `\`${name}\``)
      .join('<br>'),
    shownDefault(entry),
    allowedValues(entry),
    entry.importance,
    meaning(entry),
  ])
  return [['key', 'default', 'must be', 'importance', 'meaning'], Array(5).fill('---'), ...rows]
    .map((cells) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`)
    .join('\n')
}

function namesOf(key: string, entry: ConfigEntry): string[] {
  const dotted = dottedName(entry)
  return dotted === null || dotted === key ? [key] : [key, dotted]
}

function meaning(entry: ConfigEntry): string {
  const { description, difference } = entry
  return [description, supportNote(entry), difference].filter((part) => part !== undefined).join(' ')
}

function listOf(keys: readonly ForeignKey[]): string {
  return keys.map(({ name, reason }) => item(`\`${name.replace(/\.$/, '.*')}\`: ${reason}`)).join('\n')
}

function item(text: string): string {
  return `- ${wrapped(text, 2).join('\n  ')}`
}
