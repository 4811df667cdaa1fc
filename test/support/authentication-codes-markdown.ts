import { stepFixes } from '../../src/doctor/judgement/step-fixes.js'
import { ERROR_CODES } from '../../src/error-code-table.js'
import { AuthenticationError, type KafkaErrorCode } from '../../src/errors.js'
import { brokerError } from '../../src/protocol/broker-error.js'
import { TLS_ERROR_CODES } from '../../src/tls-error-codes.js'

const FIRST_LINE =
  '<!-- codes: made from src/tls-error-codes.ts, the error codes of Kafka and the advice of the doctor -->'
const LAST_LINE = '<!-- end of codes -->'

/** Every code of an AuthenticationError, with its meaning: those of TLS, and Kafka's own. */
export const authenticationCodes: readonly (readonly [code: KafkaErrorCode, meaning: string])[] = [
  ...TLS_ERROR_CODES,
  ...ERROR_CODES.flatMap(([code, name, , meaning]) =>
    brokerError(code, { api: 'SaslAuthenticate' }) instanceof AuthenticationError
      ? [[name, meaning] as const]
      : [],
  ),
]

/** The document with a new table of these codes between its two marks. Throws if a mark is missing. */
export function withAuthenticationCodes(document: string): string {
  const from = document.indexOf(FIRST_LINE)
  const to = document.indexOf(LAST_LINE)
  if (from === -1 || to < from) throw new Error('the document has no place for the codes')
  return `${document.slice(0, from)}${FIRST_LINE}\n\n${tableMarkdown()}\n\n${document.slice(to)}`
}

function tableMarkdown(): string {
  const rows = authenticationCodes.map(
    ([code, meaning]) => `| \`${code}\` | ${meaning} | ${changesFor(code)} |`,
  )
  return ['| code | meaning | change |', '| --- | --- | --- |', ...rows].join('\n')
}

/** The advice of the doctor for a code. */
function changesFor(code: KafkaErrorCode): string {
  return stepFixes('TLS', { code })
    .map(({ where, setting, advice }) => {
      if (setting === null) return advice
      return `\`${setting}\`${where === 'broker' ? ' of the broker' : ''}: ${advice}`
    })
    .join('; ')
}
