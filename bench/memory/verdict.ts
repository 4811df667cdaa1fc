/** A bound and whether it holds. */
export interface Bound {
  readonly what: string
  readonly measured: string
  readonly allowed: string
  readonly holds: boolean
}

/** Prints every bound. If one does not hold, the process ends with exit code 1. */
export function judge(bounds: readonly Bound[]): void {
  for (const { what, measured, allowed, holds } of bounds)
    console.log(`${holds ? 'holds' : 'BROKEN'}: ${what}: ${measured}, allowed ${allowed}`)
  if (bounds.some(({ holds }) => !holds)) process.exitCode = 1
}
