import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { runCommand } from '../support/kafka/run-command.js'

export const root: string = dirname(dirname(dirname(fileURLToPath(import.meta.url))))

/** The package as npm would publish it now, and a project that has installed it. */
export interface PackageUnderTest {
  /** The paths of the files in the tarball. */
  readonly files: readonly string[]
  /** The folder of a project with the package in its node_modules, and nothing else but the types of Node. */
  readonly project: string
  /** Removes everything that was made. */
  dispose(): Promise<void>
}

interface PackReport {
  readonly filename: string
  readonly files: readonly { readonly path: string }[]
}

/** Builds if the sources have changed, packs, and installs the tarball into a new project. */
export async function installPackage(): Promise<PackageUnderTest> {
  await runCommand(process.execPath, [join(root, 'scripts', 'build.js'), '--if-changed'])
  const project = await mkdtemp(join(tmpdir(), 'odradek-package-'))
  try {
    const packed = await runCommand('npm', ['pack', root, '--json', '--pack-destination', project])
    const report = packReport(packed.stdout.toString())
    await writeFile(
      join(project, 'package.json'),
      JSON.stringify({ name: 'consumer', private: true, type: 'module' }),
    )
    await runCommand('npm', [
      'install',
      '--prefix',
      project,
      '--ignore-scripts',
      '--prefer-offline',
      '--no-audit',
      '--no-fund',
      '--loglevel=error',
      join(project, report.filename),
      // What a TypeScript project for Node has anyway.
      '@types/node@20.19.43',
    ])
    return {
      files: report.files.map(({ path }) => path),
      project,
      dispose: () => rm(project, { recursive: true, force: true }),
    }
  } catch (error) {
    await rm(project, { recursive: true, force: true })
    throw error
  }
}

/** npm 10 and older report an array, newer ones an object by package name. */
function packReport(stdout: string): PackReport {
  const [report]: PackReport[] = Object.values(JSON.parse(stdout))
  if (report === undefined) throw new Error(`npm pack reported nothing: ${stdout}`)
  return report
}
