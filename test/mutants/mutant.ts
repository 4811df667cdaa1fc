/** A change of one file under src, which contains `from` exactly once. */
export type Edit = readonly [file: string, from: string, to: string]

/** A bug on purpose, of a kind that real producers have had. */
export interface Mutant {
  readonly name: string
  readonly edits: readonly Edit[]
  /** The violation that the simulation must report. Other violations, such as a crash, do not count. */
  readonly seenAs: RegExp
  /** The number of seeds within which the simulation must see the bug: about ten times the average. */
  readonly within: number
}

/** @throws Error if the source does not contain the edit's text exactly once */
export function edited(source: string, [file, from, to]: Edit): string {
  const count = source.split(from).length - 1
  if (count !== 1)
    throw new Error(`src/${file} has the code that is to be changed ${count} times instead of once: ${from}`)
  return source.replace(from, () => to)
}
