/** A longer text is not a misspelt name, and comparing it would take long. */
const MAX_LENGTH = 100

/** From this length on, a misspelt name may be two changes away. */
const LONG = 8

/** A shorter part occurs in too many names. */
const LEAST_PART = 4

/**
 * The known name that the caller probably meant by an unknown one. It is the name that is fewest changes
 * away; if all are far away, it is the only name that has the given one as a part. Case and the separators
 * `.`, `_` and `-` do not count. Null if a hint would mislead.
 */
export function nearestName(given: string, known: readonly string[]): string | null {
  if (given.length > MAX_LENGTH) return null
  const wanted = plain(given)
  return fewestChanges(wanted, known) ?? onlyOneWith(wanted, known)
}

/**
 * The known name that the given one is a misspelling of: one change away, or two if the name is long.
 * Stricter than `nearestName`, for callers that refuse a misspelt name: a wrong guess would refuse a right
 * one.
 */
export function misspelt(given: string, known: readonly string[]): string | null {
  if (given.length > MAX_LENGTH || given.length < LEAST_PART) return null
  const allowed = given.length < LONG ? 1 : 2
  return known.find((name) => editDistance(plain(given), plain(name)) <= allowed) ?? null
}

function fewestChanges(wanted: string, known: readonly string[]): string | null {
  let best: string | null = null
  let fewest = Math.max(2, Math.floor(wanted.length / 4)) + 1
  for (const name of known) {
    const changes = editDistance(wanted, plain(name))
    if (changes >= fewest) continue
    fewest = changes
    best = name
  }
  return best
}

function onlyOneWith(part: string, known: readonly string[]): string | null {
  if (part.length < LEAST_PART) return null
  const [first, second] = known.filter((name) => plain(name).includes(part))
  return first === undefined || second !== undefined ? null : first
}

function plain(name: string): string {
  return name.toLowerCase().replace(/[._-]/g, '')
}

/** Levenshtein distance: the number of characters to insert, delete or replace. */
function editDistance(a: string, b: string): number {
  let above = Array.from({ length: b.length + 1 }, (_, i) => i)
  for (let i = 1; i <= a.length; i++) {
    const row = [i]
    for (let j = 1; j <= b.length; j++) {
      const replace = (above[j - 1] as number) + (a[i - 1] === b[j - 1] ? 0 : 1)
      row.push(Math.min(replace, (above[j] as number) + 1, (row[j - 1] as number) + 1))
    }
    above = row
  }
  return above[b.length] as number
}
