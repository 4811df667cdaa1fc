import { describe, expect, it } from 'vitest'
import { configMarkdown } from '../../../../src/producer/config/markdown.js'
import { configKeys } from '../../../../src/producer/config/table.js'
import { read } from '../../project/tree.js'

describe('docs/configuration.md', () => {
  // `--update` makes the file again.
  it('is what the table says', async () => {
    await expect(configMarkdown()).toMatchFileSnapshot('../../../../docs/configuration.md')
  })

  it('has a row for every key', () => {
    const rows = read('docs/configuration.md').split('\n')
    for (const key of configKeys) {
      expect(
        rows.filter((row) => row.startsWith(`| \`${key}\``)),
        key,
      ).toHaveLength(1)
    }
  })
})
