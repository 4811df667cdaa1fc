import { expect, it } from 'vitest'
import { withChecks } from '../../support/doctor-checks-markdown.js'
import { read } from '../project/tree.js'

const document = read('docs/doctor.md')

// `--update` writes this part of the file again.
it('docs/doctor.md has the table of the checks', async () => {
  await expect(withChecks(document)).toMatchFileSnapshot('../../../docs/doctor.md')
})

/** The exported types of a source, as they stand there. */
function typesOf(path: string): string[] {
  const declarations = read(path).matchAll(
    /^export (?:interface \w+ \{\n[\s\S]*?^\}|type (?!FindingDetails)\w+ = .+)$/gm,
  )
  return [...declarations].map(([text]) => text)
}

it('docs/doctor.md has the types of the JSON, word for word', () => {
  const types = ['src/doctor/finding.ts', 'src/doctor/report.ts'].flatMap(typesOf)
  expect(types.length).toBe(5)
  for (const text of types) expect(document).toContain(text)
})
