import { spawn } from 'node:child_process'
import { cp, mkdir, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type Edit, edited } from './mutant.js'

/** What the simulation is compiled from. */
const SOURCES = [
  'package.json',
  'tsconfig.json',
  'tsconfig.simulation.json',
  'src',
  'test/simulation',
  'test/mutants',
  'test/support/seeded-random.ts',
]

/**
 * Copies the tree from `root` to `folder`, with the edits made, and compiles it there. Types are not checked: what a bug does to them
 * does not matter.
 *
 * @throws Error if an edit does not fit the sources any more, or the compiler fails
 */
export async function plant(root: string, folder: string, edits: readonly Edit[]): Promise<void> {
  await rm(folder, { recursive: true, force: true })
  await mkdir(folder, { recursive: true })
  for (const path of SOURCES) await cp(join(root, path), join(folder, path), { recursive: true })
  await symlink(join(root, 'node_modules'), join(folder, 'node_modules'))
  for (const edit of edits) {
    const path = join(folder, 'src', edit[0])
    await writeFile(path, edited(await readFile(path, 'utf8'), edit))
  }
  await compile(folder)
}

function compile(folder: string): Promise<void> {
  const compiler = join(folder, 'node_modules', 'typescript', 'bin', 'tsc')
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [compiler, '-p', 'tsconfig.simulation.json', '--noCheck'], {
      cwd: folder,
    })
    let output = ''
    child.stdout.on('data', (chunk) => {
      output += chunk
    })
    child.on('error', reject)
    child.on('close', (code) => {
      if (code === 0) resolve()
      else reject(new Error(`the compiler ended with ${code}: ${output}`))
    })
  })
}
