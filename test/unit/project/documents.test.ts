import { existsSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { SOFTWARE_VERSION } from '../../../src/version.js'
import { filesUnder, read, root } from './tree.js'

const documents = filesUnder('').filter((path) => path.endsWith('.md'))
const fencedCode = /^```[^\n]*\n[\s\S]*?^```/gm

interface Link {
  readonly from: string
  readonly to: string
}

function internalLinks(path: string, text: string): Link[] {
  const targets = text.replace(fencedCode, '').matchAll(/\]\(([^()\s]+)\)|^\[[^\]]+\]:\s+(\S+)/gm)
  return [...targets]
    .map((match) => ({ from: path, to: match[1] ?? match[2] ?? '' }))
    .filter(({ to }) => !/^[a-z]+:/i.test(to))
}

/** The anchors of a document's headings, in GitHub's form. */
function anchorsOf(text: string): string[] {
  const headings = [...text.replace(fencedCode, '').matchAll(/^#{1,6} (.+)$/gm)]
  return headings.map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, '')
      .replace(/\s/g, '-'),
  )
}

function resolves({ from, to }: Link): boolean {
  const [file = '', anchor] = to.split('#')
  const target = file === '' ? from : join(dirname(from), file)
  if (!existsSync(join(root, target))) return false
  if (anchor === undefined) return true
  return statSync(join(root, target)).isFile() && anchorsOf(read(target)).includes(anchor)
}

describe('the documents', () => {
  it.each(['README.md', 'DESIGN.md', 'CONTRIBUTING.md', 'SECURITY.md', 'CHANGELOG.md', 'LICENSE'])(
    'include %s, which is not empty',
    (path) => {
      expect(read(path).length).toBeGreaterThan(500)
    },
  )

  it('have no broken link', () => {
    const links = documents.flatMap((path) => internalLinks(path, read(path)))
    expect(links.length).toBeGreaterThan(3)
    expect(links.filter((link) => !resolves(link))).toEqual([])
  })

  it('are reported if they have one', () => {
    const text =
      '# A title: two words\n[a](nowhere.md) [b](#a-title-two-words) [c](https://kafka.apache.org)\n'
    expect(internalLinks('README.md', text).map(({ to }) => to)).toEqual(['nowhere.md', '#a-title-two-words'])
    expect(resolves({ from: 'README.md', to: 'nowhere.md' })).toBe(false)
    expect(resolves({ from: 'README.md', to: 'README.md#no-such-heading' })).toBe(false)
    expect(anchorsOf(text)).toEqual(['a-title-two-words'])
  })
})

describe('the commands that the documents give', () => {
  const manifest = JSON.parse(read('package.json'))

  /** The script behind each `npm start`, `npm test` and `npm run ...` of a text. */
  function scriptsIn(text: string): string[] {
    const commands = text.matchAll(/\bnpm (?:run(?:-script)? ([\w:-]+)|(start|test)\b)/g)
    return [...commands].map(([, named, short]) => named ?? short ?? '')
  }

  it.each(documents)('%s: exist in package.json', (path) => {
    expect(scriptsIn(read(path)).filter((name) => manifest.scripts[name] === undefined)).toEqual([])
  })

  it('are found in the text', () => {
    expect(scriptsIn('`npm start`, then npm run bench -- x, and npm test.')).toEqual([
      'start',
      'bench',
      'test',
    ])
    expect(scriptsIn(read('README.md'))).toEqual(expect.arrayContaining(['start', 'test']))
  })

  it('run scripts that are there', () => {
    const files = Object.values<string>(manifest.scripts).flatMap(
      (command) => command.match(/\bscripts\/[\w-]+\.js/g) ?? [],
    )
    expect(files).toContain('scripts/start.js')
    expect(files.filter((file) => !existsSync(join(root, file)))).toEqual([])
  })
})

describe('the version of package.json', () => {
  it('is the one that brokers and users of the command line see', () => {
    expect(JSON.parse(read('package.json')).version).toBe(SOFTWARE_VERSION)
  })

  it('has an entry in CHANGELOG.md', () => {
    const { version } = JSON.parse(read('package.json'))
    expect(read('CHANGELOG.md')).toMatch(new RegExp(`^## .*\\b${version.replaceAll('.', '\\.')}\\b`, 'm'))
  })
})
