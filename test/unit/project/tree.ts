import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const root: string = dirname(dirname(dirname(dirname(fileURLToPath(import.meta.url)))))

/** Folders that tools make or fill, and that are never in the repository. */
const notOurs = new Set(['node_modules', 'dist', 'build', '.cache', '.git'])

/** The paths of the project's files under a folder, relative to the project's folder and with `/`. */
export function filesUnder(folder: string): string[] {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = folder === '' ? entry.name : `${folder}/${entry.name}`
    if (notOurs.has(entry.name)) return []
    if (entry.isDirectory()) return filesUnder(path)
    return entry.isFile() ? [path] : []
  })
}

export function read(path: string): string {
  return readFileSync(join(root, path), 'utf8')
}

/** The source without its comments, with the same lines; strings stay. */
export function withoutComments(source: string): string {
  // A string or a template is matched first, so that `//` in a URL starts no comment.
  const token = /'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*"|`(?:[^`\\]|\\.)*`|\/\*[\s\S]*?\*\/|\/\/[^\n]*/g
  return source.replace(token, (text) => (text.startsWith('/') ? text.replace(/[^\n]/g, '') : text))
}

/** The specifiers that a module imports or re-exports, as written. */
export function importsOf(source: string): string[] {
  const specifier =
    /\b(?:import|export)\b[^'"`;=]*?\bfrom\s*['"]([^'"]+)['"]|\bimport\s*\(?\s*['"]([^'"]+)['"]/g
  return [...withoutComments(source).matchAll(specifier)].map((match) => match[1] ?? match[2] ?? '')
}

/** The layer of a file of src: its folder, `index` for the public surface, else `foundation`. */
export function layerOf(path: string): string {
  const [, name = '', ...below] = path.split('/')
  if (below.length > 0) return name
  return name === 'index.ts' ? 'index' : 'foundation'
}
