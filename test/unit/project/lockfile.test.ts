import { describe, expect, it } from 'vitest'
import { read } from './tree.js'

interface LockedPackage {
  readonly version?: string
  readonly dependencies?: Readonly<Record<string, string>>
  readonly devDependencies?: Readonly<Record<string, string>>
  readonly optionalDependencies?: Readonly<Record<string, string>>
}

type Locked = Readonly<Record<string, LockedPackage>>

/**
 * The dependencies of a package in node_modules that the lockfile lacks; `npm ci` refuses such a lockfile.
 */
function missingFrom(packages: Locked): string[] {
  return Object.entries(packages).flatMap(([path, entry]) => {
    const wanted = { ...entry.dependencies, ...entry.devDependencies, ...entry.optionalDependencies }
    return Object.keys(wanted)
      .filter((name) => !foldersAbove(path).some((folder) => packages[`${folder}node_modules/${name}`]))
      .map((name) => `${name}, which ${path || 'package.json'} asks for`)
  })
}

/**
 * The folders in which Node looks for imports of the package at a path: `a/node_modules/b/`, `a/`, the top.
 */
function foldersAbove(path: string): string[] {
  if (path === '') return ['']
  const end = path.lastIndexOf('node_modules/')
  return [`${path}/`, ...foldersAbove(path.slice(0, Math.max(end - 1, 0)))]
}

describe('package-lock.json', () => {
  it('has every dependency, including those for other platforms', () => {
    const { packages } = JSON.parse(read('package-lock.json'))
    expect(Object.keys(packages).length).toBeGreaterThan(50)
    expect(missingFrom(packages)).toEqual([])
  })

  it('is reported if it has not', () => {
    const packages: Locked = {
      '': { dependencies: { a: '1' } },
      'node_modules/a': { dependencies: { b: '1', c: '1' }, optionalDependencies: { d: '1' } },
      'node_modules/a/node_modules/b': { dependencies: { c: '1' } },
      'node_modules/c': {},
    }
    expect(missingFrom(packages)).toEqual(['d, which node_modules/a asks for'])
  })

  it('agrees with package.json', () => {
    const manifest = JSON.parse(read('package.json'))
    const { version, packages } = JSON.parse(read('package-lock.json'))
    expect({ version, ...packages[''] }).toMatchObject({
      version: manifest.version,
      dependencies: manifest.dependencies,
      optionalDependencies: manifest.optionalDependencies,
      devDependencies: manifest.devDependencies,
      engines: manifest.engines,
    })
  })
})
