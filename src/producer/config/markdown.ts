import { allowedValues } from './check.js'
import type { ConfigEntries, ConfigEntry } from './entry.js'
import { type ForeignKey, ignoredJavaKeys, refusedJavaKeys } from './foreign-keys.js'
import { configRules } from './rules.js'
import { connectionConfigs } from './table-connection.js'
import { securityConfigs } from './table-security.js'
import { sendingConfigs } from './table-sending.js'

const introduction = `# Configuration

<!-- Made from the table in src/producer/config/table-*.ts. To make it again:
     npx vitest run --project unit test/unit/producer/config/markdown.test.ts --update -->

Everything that \`new Producer({ ... })\` takes. The names are Java's in camelCase, and so are defaults and ranges unless it says
otherwise. A key that is not here, a value of the wrong type and a value out of range throw a \`ConfigError\` at once, which names the
key, the value and the rule. A key whose value is \`undefined\` counts as left out. What this version cannot do yet is refused, never
ignored.

\`fromProperties\` makes a config from Java's names: of the text of a \`.properties\` file, or of an object.`

/** The whole of docs/configuration.md. */
export function configMarkdown(): string {
  return `${[
    introduction,
    '## Records and their delivery',
    tableOf(sendingConfigs),
    '## Connections, and what a program brings along',
    tableOf(connectionConfigs),
    '## Security',
    tableOf(securityConfigs),
    '## Rules between settings',
    configRules.map(({ text }) => `- ${text}`).join('\n'),
    "## Java's other settings",
    '`fromProperties` passes over these, with a warning to its `logger`:',
    listOf(ignoredJavaKeys),
    'and refuses these:',
    listOf(refusedJavaKeys),
    "`key.serializer` and `value.serializer` may be Kafka's String, ByteArray, ByteBuffer or BytesSerializer, with UTF-8 as their encoding; `partitioner.class` may be Kafka's RoundRobinPartitioner, DefaultPartitioner or UniformStickyPartitioner.",
  ].join('\n\n')}\n`
}

function tableOf(entries: ConfigEntries): string {
  const rows = Object.entries(entries).map(([key, entry]) => {
    const { javaName } = entry
    const names = javaName === null || javaName === key ? [key] : [key, javaName]
    return [
      names.map((name) => `\`${name}\``).join('<br>'),
      shownDefault(entry),
      allowedValues(entry),
      entry.importance,
      meaning(entry),
    ]
  })
  return [['key', 'default', 'must be', 'importance', 'meaning'], Array(5).fill('---'), ...rows]
    .map((cells) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`)
    .join('\n')
}

function shownDefault(entry: ConfigEntry): string {
  if (entry.type === 'servers') return 'none: required'
  if (entry.defaultText !== undefined) return entry.defaultText
  return `\`${JSON.stringify(entry.default).replaceAll('"', "'").replaceAll(',', ', ')}\``
}

function meaning({ description, difference, supports }: ConfigEntry): string {
  const parts: string[] = [description]
  if (supports?.length === 0) parts.push('**Not in this version yet.**')
  else if (supports !== undefined) {
    parts.push(`**This version: only ${supports.map((value) => `\`${value}\``).join(', ')}.**`)
  }
  if (difference !== undefined) parts.push(difference)
  return parts.join(' ')
}

function listOf(keys: readonly ForeignKey[]): string {
  return keys.map(({ name, reason }) => `- \`${name.replace(/\.$/, '.*')}\`: ${reason}`).join('\n')
}
