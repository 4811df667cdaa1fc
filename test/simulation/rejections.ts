/** The emitter of unhandled rejections: `process`, or a test's own. */
export interface RejectionSource {
  on(event: 'unhandledRejection', listener: (reason: unknown) => void): unknown
  off(event: 'unhandledRejection', listener: (reason: unknown) => void): unknown
}

/** Reports every unhandled rejection while `work` is under way. */
export async function watchingRejections<Result>(
  source: RejectionSource,
  report: (violation: string) => void,
  work: () => Promise<Result>,
): Promise<Result> {
  const unhandled = (reason: unknown): void => report(`unhandled rejection: ${describe(reason)}`)
  source.on('unhandledRejection', unhandled)
  try {
    return await work()
  } finally {
    source.off('unhandledRejection', unhandled)
  }
}

export function describe(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error)
}
