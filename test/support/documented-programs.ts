/** A block of code that a document shows, with what the document says about its run. */
export interface DocumentedProgram {
  readonly language: 'js' | 'ts'
  /** The name that the first line of the block gives, else one that is made of the block's line. */
  readonly file: string
  readonly code: string
  /** The block of text that follows; null if none does. */
  readonly output: string | null
}

/** A file that a program reads. Its first line names it: `# producer.properties`. */
export interface DocumentedFile {
  readonly file: string
  readonly content: string
}

interface FencedBlock {
  readonly language: string
  readonly line: number
  readonly text: string
}

/** The programs of a Markdown document, in its order. */
export function programsOf(markdown: string): DocumentedProgram[] {
  const blocks = fencedBlocks(markdown)
  return blocks.flatMap(({ language, line, text }, i) => {
    if (language !== 'js' && language !== 'ts') return []
    const next = blocks[i + 1]
    return {
      language,
      file: /^\/\/ ([\w.-]+\.[cm]?[jt]s)\n/.exec(text)?.[1] ?? `line-${line}.${languageExtensions[language]}`,
      code: text,
      output: next?.language === 'text' ? next.text : null,
    }
  })
}

/** The files of settings that a Markdown document shows. */
export function filesOf(markdown: string): DocumentedFile[] {
  return fencedBlocks(markdown)
    .filter(({ language }) => language === 'properties')
    .map(({ text, line }) => {
      const file = /^# ([\w.-]+)\n/.exec(text)?.[1]
      if (file === undefined) throw new Error(`the first line of the file at line ${line} does not name it`)
      return { file, content: text }
    })
}

/** The commands of shells that a Markdown document shows, each cut into its words. */
export function commandsOf(markdown: string): string[][] {
  return fencedBlocks(markdown)
    .filter(({ language }) => language === 'sh')
    .flatMap(({ text }) => text.trim().replaceAll('\\\n', ' ').split('\n'))
    .map((line) => line.split(/\s+/))
}

/** An unnamed program is an ES module, whatever folder it is in. */
const languageExtensions = { js: 'mjs', ts: 'mts' } as const

function fencedBlocks(markdown: string): FencedBlock[] {
  return [...markdown.matchAll(/^```(\w*)\n([\s\S]*?)^```$/gm)].map(
    ({ index, 1: language = '', 2: text = '' }) => ({
      language,
      line: markdown.slice(0, index).split('\n').length + 1,
      text,
    }),
  )
}
