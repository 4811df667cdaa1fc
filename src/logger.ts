/** Where the client says what it does. `console` fits, and so do most logging libraries. */
export interface Logger {
  debug(message: string): void
  info(message: string): void
  warn(message: string): void
  error(message: string): void
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
