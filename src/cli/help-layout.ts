import { type Command, Help, type HelpConfiguration } from 'commander'

/** The columns that a description needs to stand beside its term. With fewer it stands below. */
const BESIDE = 30
const INDENT = '  '

/** Wraps help between words, however narrow the terminal is. */
export const helpLayout: HelpConfiguration = {
  minWidthToWrap: 1,
  formatItem(term, termWidth, description, helper) {
    const columns = helper.helpWidth ?? Number.POSITIVE_INFINITY
    if (description === '' || columns - termWidth - 2 * INDENT.length >= BESIDE) {
      return Help.prototype.formatItem.call(helper, term, termWidth, description, helper)
    }
    const indent = INDENT.repeat(3)
    const below = helper.boxWrap(description, columns - indent.length)
    return `${INDENT}${term}\n${below.replaceAll(/^/gm, indent)}`
  },
}

/** Adds paragraphs to the end of a command's help, wrapped like the rest of it. */
export function addHelpParagraphs(command: Command, paragraphs: readonly string[]): Command {
  return command.addHelpText('after', ({ error }) => {
    const { getErrHelpWidth, getOutHelpWidth } = command.configureOutput()
    const columns = (error ? getErrHelpWidth : getOutHelpWidth)?.() ?? Number.POSITIVE_INFINITY
    const helper = command.createHelp()
    return paragraphs.map((paragraph) => `\n${helper.boxWrap(paragraph, columns)}`).join('\n')
  })
}
