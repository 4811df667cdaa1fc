import { spawn } from 'node:child_process'
import { cp, mkdir, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type Edit, edited } from './mutant.js'

/** The files and folders from which the simulation is compiled. */
export const SOURCES: readonly string[] = [
  'package.json',
  'tsconfig.json',
  'tsconfig.programs.json',
  'src',
  'test/simulation',
  'test/mutants',
  'test/support/no-files.ts',
  'test/support/no-http.ts',
  'test/support/seeded-random.ts',
  'test/support/no-files.ts',
  'test/support/no-http.ts',
]

/**
 * Copies the tree from `root` to `folder`, makes the edits, and compiles it there. Types are not checked,
 * because a bug may break them.
 *
 * @throws Error if an edit does not fit the sources any more, or if the compiler fails
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
    const child = spawn(process.execPath, [compiler, '-p', 'tsconfig.programs.json', '--noCheck'], {
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
