/** The subject of a log line as fields: `broker`, `topic`, `partition`, `code` and the like. */
export type LogFields = Readonly<Record<string, unknown>>

/**
 * Receives the client's log lines. `console` fits, and so do most logging libraries. A logger of pino or
 * bunyan is recognised and called with the fields first.
 */
export interface Logger {
  debug(message: string, fields?: LogFields): void
  info(message: string, fields?: LogFields): void
  warn(message: string, fields?: LogFields): void
  error(message: string, fields?: LogFields): void
}

type Write = (...args: readonly unknown[]) => void

/**
 * The same logger, called in its own order of arguments, that never throws. An exception goes to `rethrow`
 * instead, because the client logs in the midst of changes that must not be interrupted.
 */
export function contained(logger: Logger, rethrow: (error: unknown) => void): Logger {
  const isFieldsFirst = takesFieldsFirst(logger)
  const guarded =
    (level: keyof Logger) =>
    (message: string, fields?: LogFields): void => {
      const write: Write = (...args) => Reflect.apply(logger[level], logger, args)
      try {
        if (fields === undefined) write(message)
        else if (isFieldsFirst) write(fields, message)
        else write(message, fields)
      } catch (error) {
        rethrow(error)
      }
    }
  return { debug: guarded('debug'), info: guarded('info'), warn: guarded('warn'), error: guarded('error') }
}

/** Loggers of pino and bunyan have these methods. No other logger does. */
function takesFieldsFirst(logger: object): boolean {
  return ['bindings', 'addSerializers'].some((name) => typeof Reflect.get(logger, name) === 'function')
}

/** Says nothing: for `logger: false`. */
export const silentLogger: Logger = { debug: ignore, info: ignore, warn: ignore, error: ignore }

function ignore(): void {
  // Silence is the purpose.
}
