import { posix } from 'node:path'
import { expect, it } from 'vitest'
import { importsOf, read, withoutComments } from './tree.js'

/** The files from which a package entry takes its types. */
function filesBehind(entry: string): string[] {
  return importsOf(read(entry)).map((specifier) =>
    posix.join(posix.dirname(entry), specifier).replace(/\.js$/, '.ts'),
  )
}

/**
 * `path: name?: type` for each optional property that refuses undefined. Parameters of functions take it
 * anyway.
 */
function propertiesWithoutUndefined(path: string, source: string): string[] {
  const properties = withoutComments(source).matchAll(
    /(?:^\s*|[{,;]\s*)(?:declare )?(?:readonly )(?<name>[\w'.]+)\?:(?<type>[^\n;}]*(?:\n\s+\|[^\n]*)*)|\{ (?<short>\w+)\?:(?<shortType>[^;}]*)\}/gm,
  )
  return [...properties].flatMap(({ groups = {} }) => {
    const { name, type = '', short, shortType = '' } = groups
    return /\bundefined\b|\bunknown\b/.test(type + shortType)
      ? []
      : [`${path}: ${name ?? short}?:${(type + shortType).trimEnd()}`]
  })
}

it.each(['src/index.ts', 'src/testing/index.ts'])(
  'an optional property of a type of %s may be undefined',
  (entry) => {
    const files = filesBehind(entry)
    expect(files.length).toBeGreaterThan(5)
    expect(files.flatMap((path) => propertiesWithoutUndefined(path, read(path)))).toEqual([])
  },
)

it('is reported if it may not', () => {
  const found = (source: string) => propertiesWithoutUndefined('a.ts', source)
  expect(found('export interface A {\n  readonly b?: string\n}')).toEqual(['a.ts: b?: string'])
  expect(found('f(options: { b?: boolean } = {}): void {}')).toEqual(['a.ts: b?: boolean'])
  expect(found('f(a: { readonly b?: string; readonly c?: number }): void {}')).toHaveLength(2)
  expect(found('export interface A {\n  readonly b?: string | undefined\n  readonly c?: unknown\n}')).toEqual(
    [],
  )
  expect(found('export interface A {\n  readonly b?:\n    | string\n    | undefined\n}')).toEqual([])
  expect(found('send(record: R, options?: SendOptions): void {}')).toEqual([])
})
