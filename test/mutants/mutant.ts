/** A change of one file under src. `from` stands there exactly once. */
export type Edit = readonly [file: string, from: string, to: string]

/** A bug on purpose, of a kind that real producers have had. */
export interface Mutant {
  readonly name: string
  readonly edits: readonly Edit[]
  /** The words in which the simulation must see it. What it sees besides, such as a crash, does not count. */
  readonly seenAs: RegExp
  /** It must be seen within so many seeds: about ten times as many as it takes on average. */
  readonly within: number
}

/** @throws Error if the source is not what the edit was made for */
export function edited(source: string, [file, from, to]: Edit): string {
  const count = source.split(from).length - 1
  if (count !== 1)
    throw new Error(`src/${file} has the code that is to be changed ${count} times instead of once: ${from}`)
  return source.replace(from, () => to)
}
