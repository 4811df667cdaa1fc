import { chmodSync, mkdtempSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { nodeFiles } from '../../../src/environment/node-files.js'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'odradek-files-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

const at = (name: string): string => join(folder, name)

describe('a file', () => {
  it('is read', () => {
    writeFileSync(at('a'), 'content')
    expect(nodeFiles.read(at('a')).toString()).toBe('content')
  })

  it('that does not exist, or is a folder, is an error', () => {
    expect(() => nodeFiles.read(at('a'))).toThrow('ENOENT')
    expect(() => nodeFiles.read(folder)).toThrow('it is not a file')
    expect(() => nodeFiles.state(at('a'))).toThrow('ENOENT')
  })

  it('has another version when it is replaced, and the same one otherwise', () => {
    writeFileSync(at('a'), 'one')
    writeFileSync(at('b'), 'two')
    const before = nodeFiles.state(at('a')).version
    expect(nodeFiles.state(at('a')).version).toBe(before)
    renameSync(at('b'), at('a'))
    expect(nodeFiles.state(at('a')).version).not.toBe(before)
  })

  it('has another version when the link to it leads elsewhere, as in Kubernetes', () => {
    writeFileSync(at('a'), 'same')
    writeFileSync(at('b'), 'same')
    symlinkSync(at('a'), at('link'))
    const before = nodeFiles.state(at('link')).version
    symlinkSync(at('b'), at('fresh'))
    renameSync(at('fresh'), at('link'))
    expect(nodeFiles.state(at('link')).version).not.toBe(before)
  })

  it('tells whether others may read it', () => {
    writeFileSync(at('a'), 'one', { mode: 0o600 })
    expect(nodeFiles.state(at('a')).isReadableByOthers).toBe(false)
    chmodSync(at('a'), 0o640)
    expect(nodeFiles.state(at('a')).isReadableByOthers).toBe(true)
  })
})
