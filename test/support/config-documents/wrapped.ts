/** The project's line length, which generated files keep too. */
export const LINE_LENGTH = 110

/**
 * Breaks a text into lines of at most LINE_LENGTH columns.
 *
 * @param indent the columns that the caller puts in front of each line
 */
export function wrapped(text: string, indent: number): string[] {
  const lines: string[] = []
  let line = ''
  for (const word of text.split(' ')) {
    if (line !== '' && indent + line.length + 1 + word.length > LINE_LENGTH) {
      lines.push(line)
      line = word
    } else {
      line = line === '' ? word : `${line} ${word}`
    }
  }
  return [...lines, line]
}
