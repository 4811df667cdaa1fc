import type { LogFields, Logger } from '../../src/logger.js'

/** A logger that keeps its lines above debug, each with its level in front, and the fields of each. */
export class NotingLogger implements Logger {
  readonly lines: string[] = []
  readonly fields: (LogFields | undefined)[] = []

  debug(): void {}

  info(message: string, fields?: LogFields): void {
    this.#note('info', message, fields)
  }

  warn(message: string, fields?: LogFields): void {
    this.#note('warn', message, fields)
  }

  error(message: string, fields?: LogFields): void {
    this.#note('error', message, fields)
  }

  #note(level: string, message: string, fields: LogFields | undefined): void {
    this.lines.push(`${level}: ${message}`)
    this.fields.push(fields)
  }
}
