import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { runCommand } from './kafka/run-command.js'

/** Real text, which was not written for a test. */
export interface RealLines {
  /** The source of the text, in words. */
  readonly source: string
  /** Each line ends with a line feed. */
  readonly text: Buffer
}

const lineFeed = 0x0a

/**
 * Exactly `count` lines of this machine's real text: the same on each call, and repeated if there are too
 * few.
 */
export async function realLines(count: number): Promise<RealLines> {
  const { source, text } = (await packageIndexes()) ?? (await sharedText())
  const parts: Buffer[] = []
  for (let missing = count; missing > 0; ) {
    const { end, lines } = take(text, missing)
    parts.push(text.subarray(0, end))
    missing -= lines
  }
  return {
    source: parts.length === 1 ? source : `${source}, ${parts.length} times over`,
    text: Buffer.concat(parts),
  }
}

/** The end of the first `count` lines, and the number of lines. */
function take(text: Buffer, count: number): { end: number; lines: number } {
  let end = 0
  let lines = 0
  for (; lines < count; lines++) {
    const next = text.indexOf(lineFeed, end)
    if (next === -1) break
    end = next + 1
  }
  return { end, lines }
}

async function packageIndexes(): Promise<RealLines | undefined> {
  const files = await filesOf('/var/lib/apt/lists', /_Packages(\.\w+)?$/)
  const text = Buffer.concat(await Promise.all(files.map(unpacked)))
  return text.includes(lineFeed) ? { source: "the package indexes of Debian's apt", text } : undefined
}

/** apt keeps its indexes plain or compressed, and has a program that reads either. */
async function unpacked(file: string): Promise<Buffer> {
  const { stdout } = await runCommand('/usr/lib/apt/apt-helper', ['cat-file', file])
  return stdout
}

async function sharedText(): Promise<RealLines> {
  const found: Buffer[] = []
  for (const [folder, name] of textFolders) {
    for (const file of await filesOf(folder, name)) {
      const text = await readFile(file).catch(() => Buffer.alloc(0))
      if (text.at(-1) === lineFeed && !text.includes(0)) found.push(text)
    }
  }
  if (found.length === 0) throw new Error('there is no text on this machine')
  return { source: `${found.length} text files of /usr`, text: Buffer.concat(found) }
}

const textFolders: readonly (readonly [folder: string, name: RegExp])[] = [
  ['/usr/share', /\.(txt|md|json|xml|html|csv|pm)$/],
  ['/usr/share/dict', /./],
  ['/usr/lib/python3', /\.py$/],
]

/** In an order that is the same each time; none if there is no such folder. */
async function filesOf(folder: string, name: RegExp): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => [])
  const files = entries.filter((entry) => entry.isFile() && name.test(entry.name))
  return files.map((file) => join(file.parentPath, file.name)).sort()
}
