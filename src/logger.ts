/** Where the client says what it does. `console` fits, and so do most logging libraries. */
export interface Logger {
  debug(message: string): void
  info(message: string): void
  warn(message: string): void
  error(message: string): void
}

/** The same logger, except that what it throws goes to `rethrow`: it is called in the midst of changes that must come to their end. */
export function contained(logger: Logger, rethrow: (error: unknown) => void): Logger {
  const guarded =
    (level: keyof Logger) =>
    (message: string): void => {
      try {
        logger[level](message)
      } catch (error) {
        rethrow(error)
      }
    }
  return { debug: guarded('debug'), info: guarded('info'), warn: guarded('warn'), error: guarded('error') }
}

/** Says nothing: the default, since every error also reaches the caller. */
export const silentLogger: Logger = {
  debug: ignore,
  info: ignore,
  warn: ignore,
  error: ignore,
}

function ignore(): void {
  // Nothing: that is its purpose.
}
