import { checks } from '../../doctor/checks.js'
import type { Finding, Fix, Verdict } from '../../doctor/finding.js'
import { oneLine } from '../failure.js'

const MARKS: Readonly<Record<Verdict, string>> = {
  ok: 'ok',
  warning: 'warn',
  wrong: 'WRONG',
  skipped: 'skip',
  unknown: '?',
}

/** Escape sequences of terminals. */
const COLOURS: Readonly<Record<Verdict | 'subject', string>> = {
  ok: '\x1b[32m',
  warning: '\x1b[33m',
  wrong: '\x1b[1;31m',
  skipped: '\x1b[2m',
  unknown: '\x1b[36m',
  subject: '\x1b[1m',
}
const ARROW = '-> '
const PLAIN = '\x1b[0m'

const MARK_WIDTH = Math.max(...Object.values(MARKS).map(({ length }) => length))
const TITLE_WIDTH = Math.max(...Object.values(checks).map(({ title }) => title.length))
/** The column of explanations and advice. */
const DETAIL_COLUMN = 2 + MARK_WIDTH + 2
/** The column of messages. */
const TEXT_COLUMN = DETAIL_COLUMN + TITLE_WIDTH + 2
/** The columns of text, however narrow the terminal is. */
const LEAST_TEXT = 30

/** One finding, or several skipped ones that are shown in one row. */
interface Row {
  readonly title: string
  readonly finding: Finding
}

/** Lays findings out in columns, under a heading for each thing that was looked at. */
export class FindingsLayout {
  readonly #columns: number
  readonly #hasColours: boolean
  #subject: string | null = null

  constructor(columns: number, hasColours: boolean) {
    this.#columns = columns
    this.#hasColours = hasColours
  }

  /** The lines of the next findings. */
  add(findings: readonly Finding[]): string {
    return bySubject(findings)
      .flatMap((group) => (isHealthyBroker(group) ? [allGood(group)] : rowsOf(group)))
      .map((row) => this.#heading(row.finding.subject) + this.#row(row))
      .join('')
  }

  #heading(subject: string): string {
    if (subject === this.#subject) return ''
    const gap = this.#subject === null ? '' : '\n'
    this.#subject = subject
    return `${gap}${this.#coloured(oneLine(subject), 'subject')}\n`
  }

  #row({ title, finding }: Row): string {
    const { verdict, message, explanation, fixes } = finding
    const mark = this.#coloured(MARKS[verdict].padEnd(MARK_WIDTH), verdict)
    const head = `  ${mark}  ${title.padEnd(TITLE_WIDTH)}  `
    // A long title has its text on the next line.
    const isLong = title.length > TITLE_WIDTH
    const first = isLong ? `${head.trimEnd()}\n${' '.repeat(TEXT_COLUMN)}` : head
    const details = [
      ...explanation.flatMap((text) => this.#wrapped(text, DETAIL_COLUMN)),
      ...fixes.flatMap((fix) => this.#fix(fix)),
    ].map((line) => `${' '.repeat(DETAIL_COLUMN)}${line}\n`)
    const text = this.#wrapped(message, TEXT_COLUMN).join(`\n${' '.repeat(TEXT_COLUMN)}`)
    return `${first}${text}\n${details.join('')}`
  }

  #fix({ where, setting, advice, lines = [] }: Fix): string[] {
    const head = setting === null ? advice : `${setting} of the ${where}: ${advice}`
    const wrapped = this.#wrapped(lines.length === 0 ? head : `${head}:`, DETAIL_COLUMN + ARROW.length)
    return [
      ...wrapped.map((line, i) => `${i === 0 ? ARROW : ' '.repeat(ARROW.length)}${line}`),
      // Lines to copy stay whole, however narrow the terminal is.
      ...lines.map((line) => `${' '.repeat(ARROW.length + 2)}${oneLine(line)}`),
    ]
  }

  #wrapped(text: string, column: number): string[] {
    return wrap(oneLine(text), Math.max(LEAST_TEXT, this.#columns - column))
  }

  #coloured(text: string, colour: keyof typeof COLOURS): string {
    return this.#hasColours ? `${COLOURS[colour]}${text}${PLAIN}` : text
  }
}

/** The findings of each thing that was looked at, in their order. */
function bySubject(findings: readonly Finding[]): Finding[][] {
  const groups: Finding[][] = []
  for (const finding of findings) {
    const last = groups.at(-1)
    if (last?.[0]?.subject === finding.subject) last.push(finding)
    else groups.push([finding])
  }
  return groups
}

/** A cluster may have many brokers. One row is enough for each that is well. */
function isHealthyBroker(group: readonly Finding[]): boolean {
  return group[0]?.check === 'advertised-address' && group.every(({ verdict }) => verdict === 'ok')
}

function allGood(group: readonly Finding[]): Row {
  const titles = group.map(({ check }) => checks[check].title).join(', ')
  return { title: 'all checks', finding: { ...(group[0] as Finding), message: titles } }
}

function rowsOf(findings: readonly Finding[]): Row[] {
  const rows: Row[] = []
  for (const finding of findings) {
    const { title } = checks[finding.check]
    const last = rows.at(-1)
    const isSame =
      finding.verdict === 'skipped' &&
      last?.finding.verdict === 'skipped' &&
      last.finding.subject === finding.subject &&
      last.finding.message === finding.message
    if (isSame) rows.splice(-1, 1, { title: `${last.title}, ${title}`, finding })
    else rows.push({ title, finding })
  }
  return rows
}

/** Breaks a text between words. A longer word stays whole, so that it can be copied. */
export function wrap(text: string, width: number): string[] {
  const lines: string[] = []
  let line = ''
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > width) {
      lines.push(line)
      line = word
    } else line = line === '' ? word : `${line} ${word}`
  }
  return [...lines, line]
}
