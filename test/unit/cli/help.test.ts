import { describe, expect, it } from 'vitest'
import { type Screen, startCommandOn } from '../../support/command-line.js'

const commands = [[], ['produce'], ['topics'], ['doctor'], ['broker'], ['demo']]

async function help(screen: Screen, command: readonly string[]): Promise<string> {
  const { exitCode, stdout } = await startCommandOn(screen, ...command, '--help').result
  expect(exitCode).toBe(0)
  return stdout
}

const wordsOf = (text: string): string[] => text.split(/\s+/)
/** Whether a line has nothing but one term, or one word. Neither can be wrapped. */
const isInOnePiece = (line: string): boolean =>
  /^ {2}(?:-\w, )?-{0,2}[\w.-]+(?: [<[][\w.=]+[>\]])?$|^ *\S+$/.test(line)

describe.each(commands.map((command) => [['odradek', ...command].join(' '), command] as const))(
  'the help of %s',
  (_, command) => {
    it.each([40, 60, 80, 100, 132, 200])('fits into %d columns without cutting a word', async (columns) => {
      const text = await help({ columns }, command)
      const tooWide = text.split('\n').filter((line) => line.length > columns && !isInOnePiece(line))
      expect(tooWide).toEqual([])
      expect(wordsOf(text)).toEqual(wordsOf(await help({ columns: 10_000 }, command)))
    })

    it('is 80 columns wide in a file', async () => {
      expect(await help({}, command)).toBe(await help({ columns: 80 }, command))
    })
  },
)

it('a misspelt command is an error on stderr with a suggestion, wrapped in the same way', async () => {
  const { exitCode, stderr } = await startCommandOn({ columns: 50 }, 'prodce').result
  expect([exitCode, stderr]).toEqual([1, "odradek: unknown command 'prodce'\n(Did you mean produce?)\n"])
  const bare = await startCommandOn({ columns: 50 }).result
  expect(bare.stderr).toMatch(/^Usage: odradek/)
  expect(bare.stderr.split('\n').filter((line) => line.length > 50)).toEqual([])
})
