import { describe, expect, it } from 'vitest'
import { read } from './tree.js'

interface LockedPackage {
  readonly version?: string
  readonly dependencies?: Readonly<Record<string, string>>
  readonly devDependencies?: Readonly<Record<string, string>>
  readonly optionalDependencies?: Readonly<Record<string, string>>
}

type Locked = Readonly<Record<string, LockedPackage>>

/** What a package at that place in node_modules asks for and the lockfile does not have; `npm ci` refuses such a lockfile. */
function missingFrom(packages: Locked): string[] {
  return Object.entries(packages).flatMap(([path, entry]) => {
    const wanted = { ...entry.dependencies, ...entry.devDependencies, ...entry.optionalDependencies }
    return Object.keys(wanted)
      .filter((name) => !foldersAbove(path).some((folder) => packages[`${folder}node_modules/${name}`]))
      .map((name) => `${name}, which ${path || 'package.json'} asks for`)
  })
}

/** Where Node looks for a package that the one at this path imports: `a/node_modules/b/`, `a/`, and the top. */
function foldersAbove(path: string): string[] {
  if (path === '') return ['']
  const end = path.lastIndexOf('node_modules/')
  return [`${path}/`, ...foldersAbove(path.slice(0, Math.max(end - 1, 0)))]
}

describe('package-lock.json', () => {
  it('has every package that is asked for, those for other platforms included', () => {
    const { packages } = JSON.parse(read('package-lock.json'))
    expect(Object.keys(packages).length).toBeGreaterThan(50)
    expect(missingFrom(packages)).toEqual([])
  })

  it('would be reported if it had not', () => {
    const packages: Locked = {
      '': { dependencies: { a: '1' } },
      'node_modules/a': { dependencies: { b: '1', c: '1' }, optionalDependencies: { d: '1' } },
      'node_modules/a/node_modules/b': { dependencies: { c: '1' } },
      'node_modules/c': {},
    }
    expect(missingFrom(packages)).toEqual(['d, which node_modules/a asks for'])
  })

  it('says what package.json says', () => {
    const manifest = JSON.parse(read('package.json'))
    const { version, packages } = JSON.parse(read('package-lock.json'))
    expect({ version, ...packages[''] }).toMatchObject({
      version: manifest.version,
      dependencies: manifest.dependencies,
      devDependencies: manifest.devDependencies,
      engines: manifest.engines,
    })
  })
})
