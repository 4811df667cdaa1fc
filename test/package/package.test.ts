import { existsSync } from 'node:fs'
import { copyFile, readFile, writeFile } from 'node:fs/promises'
import { join, posix } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { programsOf } from '../support/documented-programs.js'
import { runCommand } from '../support/kafka/run-command.js'
import { nodeProgram, nodeReleases } from './node-releases.js'
import { installPackage, type PackageUnderTest, root } from './package-under-test.js'

const { CI } = process.env
const manifest = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'))
const readme = await readFile(join(root, 'README.md'), 'utf8')

/** What the manifests of npm packages can make an installation run. */
const installScripts = ['preinstall', 'install', 'postinstall', 'prepare']

let subject: PackageUnderTest
beforeAll(async () => {
  subject = await installPackage()
})
afterAll(() => subject?.dispose())

function scriptsAtInstallation(json: string): string[] {
  const { scripts = {} } = JSON.parse(json)
  return installScripts.filter((name) => scripts[name] !== undefined)
}

describe('the packed files', () => {
  const documents = [
    'CHANGELOG.md',
    'DESIGN.md',
    'LICENSE',
    'README.md',
    'SECURITY.md',
    'docs/configuration.md',
    'docs/doctor.md',
    'docs/embedded-cluster.md',
    'docs/error-codes.md',
    'docs/guarantees.md',
    'docs/measurements.md',
    'docs/peers.md',
    'docs/providers/aiven.md',
    'docs/providers/confluent-cloud.md',
    'docs/providers/event-hubs.md',
    'docs/providers/msk.md',
    'docs/providers/plain-kafka.md',
    'docs/providers/redpanda.md',
    'docs/providers/strimzi.md',
    'docs/rules.md',
    'docs/security.md',
    'docs/simulation.md',
    'docs/threats.md',
    'package.json',
  ]

  it('are compiled modules with their types, and the documents', () => {
    const compiled = subject.files.filter((path) => /^dist\/[\w/-]+\.(?:js|d\.ts)$/.test(path))
    expect(subject.files.filter((path) => !compiled.includes(path)).sort()).toEqual(documents)

    const modules = compiled.filter((path) => path.endsWith('.js'))
    const types = compiled.filter((path) => path.endsWith('.d.ts'))
    expect(types).toEqual(modules.map((path) => path.replace(/\.js$/, '.d.ts')).sort())
    const withoutSource = modules.filter(
      (path) => !existsSync(join(root, path.replace(/^dist\/(.*)\.js$/, 'src/$1.ts'))),
    )
    expect(withoutSource).toEqual([])
  })

  it('include what package.json points at', () => {
    const targets = Object.values<{ types?: string; default?: string } | string>(manifest.exports)
      .flatMap((target) => (typeof target === 'string' ? [target] : Object.values(target)))
      .concat(Object.values(manifest.bin))
      .map((path) => path.replace(/^\.\//, ''))
    expect(targets).toContain('dist/testing/index.d.ts')
    expect(targets.filter((path) => !subject.files.includes(path))).toEqual([])
  })

  it('include what their documents link to', async () => {
    const links = []
    for (const from of documents.filter((path) => path.endsWith('.md'))) {
      const text = await readFile(join(root, from), 'utf8')
      for (const [, to = ''] of text.matchAll(/\]\((?![a-z]+:)([^()#\s]+)/g)) {
        links.push({ from, to: posix.join(posix.dirname(from), to) })
      }
    }
    expect(links).toContainEqual({ from: 'README.md', to: 'docs/configuration.md' })
    expect(links).toContainEqual({ from: 'docs/guarantees.md', to: 'DESIGN.md' })
    expect(links.filter(({ to }) => !subject.files.includes(to))).toEqual([])
  })

  it('have no source map, and do not ask for one', async () => {
    for (const path of subject.files.filter((file) => file.endsWith('.js'))) {
      const text = await readFile(join(subject.project, 'node_modules', 'odradek', path), 'utf8')
      expect(text, path).not.toContain('sourceMappingURL')
    }
  })
})

describe('an installation', () => {
  it('runs nothing of this package', () => {
    expect(scriptsAtInstallation(JSON.stringify(manifest))).toEqual([])
    expect(scriptsAtInstallation('{"scripts":{"postinstall":"node x.js"}}')).toEqual(['postinstall'])
  })

  it('runs and compiles nothing of any package it brings', async () => {
    const pinned: Record<string, string> = { ...manifest.dependencies, ...manifest.optionalDependencies }
    const lock = JSON.parse(await readFile(join(subject.project, 'package-lock.json'), 'utf8'))
    const brought = Object.entries<{ hasInstallScript?: boolean; version: string }>(lock.packages).filter(
      ([path]) => path !== '' && !/\/(?:@types\/node|undici-types)$/.test(path),
    )
    expect(brought.map(([path]) => path.replace('node_modules/', '')).sort()).toEqual(
      ['odradek', ...Object.keys(pinned)].sort(),
    )
    for (const [path, { hasInstallScript = false, version }] of brought) {
      const folder = join(subject.project, path)
      expect(hasInstallScript, path).toBe(false)
      expect(scriptsAtInstallation(await readFile(join(folder, 'package.json'), 'utf8')), path).toEqual([])
      // npm compiles a package that has this file, even without a script that says so.
      expect(existsSync(join(folder, 'binding.gyp')), path).toBe(false)
      const name = path.replace('node_modules/', '')
      if (name !== 'odradek') expect(version, `${name} is pinned`).toBe(pinned[name])
    }
  })
})

describe.each(nodeReleases)('Node %s', (release) => {
  let program: string | undefined
  let reason = ''
  beforeAll(async () => {
    try {
      program = await nodeProgram(release)
    } catch (error) {
      reason = `Node ${release} cannot be fetched`
      if (CI) throw new Error(reason, { cause: error })
      console.warn(
        `\n## THE PACKAGE ON NODE ${release}: NOT RUN, BECAUSE IT CANNOT BE FETCHED ##\n${String(error)}\n`,
      )
    }
  })

  it.for(['module.js', 'commonjs.cjs'])(
    'imports the package and sends a record: %s',
    async (name, { skip }) => {
      if (program === undefined) return skip(reason)
      await copyFile(join(root, 'test', 'package', 'consumers', name), join(subject.project, name))
      expect((await runCommand(program, ['--version'])).stdout.toString()).toBe(`v${release}\n`)

      const { stdout, stderr } = await runCommand(program, [join(subject.project, name)], cleanEnvironment)
      expect(stderr).toBe('')
      expect(JSON.parse(stdout.toString())).toEqual({ offset: '0', values: ['created'], isKafkaError: true })
    },
  )

  it('can parse every program in JavaScript of the README', async ({ skip }) => {
    if (program === undefined) return skip(reason)
    const programs = programsOf(readme).filter(({ language }) => language === 'js')
    expect(programs.length).toBeGreaterThan(10)
    for (const { file, code } of programs) {
      await writeFile(join(subject.project, file), code)
      await runCommand(program, ['--check', join(subject.project, file)], cleanEnvironment)
    }
  })

  it('runs the command line', async ({ skip }) => {
    if (program === undefined) return skip(reason)
    const command = join(subject.project, 'node_modules', '.bin', 'odradek')
    const { stdout, stderr } = await runCommand(program, [command, '--version'], cleanEnvironment)
    expect({ stdout: stdout.toString(), stderr }).toEqual({ stdout: `${manifest.version}\n`, stderr: '' })
  })
})

describe('the command line', () => {
  it('has every command and option that the README gives', async () => {
    const lines = [...readme.matchAll(/^npx odradek (\w+)(.*)$/gm)]
    expect(lines.length).toBeGreaterThan(2)
    const command = join(subject.project, 'node_modules', '.bin', 'odradek')
    for (const [line, name = '', rest = ''] of lines) {
      const { stdout } = await runCommand(process.execPath, [command, name, '--help'], cleanEnvironment)
      const help = stdout.toString()
      expect(help, line).toContain(`Usage: odradek ${name} `)
      for (const [option] of rest.matchAll(/--[\w-]+/g)) expect(help, line).toContain(`  ${option} `)
    }
  })
})

describe('strict TypeScript', () => {
  it.each([
    { module: 'nodenext', moduleResolution: 'nodenext' },
    { module: 'esnext', moduleResolution: 'bundler' },
  ])('compiles with moduleResolution $moduleResolution, and runs', async (resolution) => {
    const source = await readFile(join(root, 'test', 'package', 'consumers', 'typescript.ts'), 'utf8')
    const output = `compiled-${resolution.moduleResolution}`
    await compile({ 'typescript.ts': source }, output, resolution)

    const compiled = join(subject.project, output, 'typescript.js')
    const { stdout, stderr } = await runCommand(process.execPath, [compiled], cleanEnvironment)
    expect(stderr).toBe('')
    expect(JSON.parse(stdout.toString())).toEqual({
      offset: '0',
      values: ['created', '!', 'forgotten'],
      isKafkaError: true,
      accepted: true,
      produced: true,
    })
  })

  it('compiles every example of the README', async () => {
    const examples = programsOf(readme).filter(({ language }) => language === 'ts')
    expect(examples.length).toBeGreaterThan(0)
    await compile(Object.fromEntries(examples.map(({ file, code }) => [file, code])), 'compiled-readme', {
      module: 'nodenext',
      moduleResolution: 'nodenext',
    })
  })

  async function compile(
    files: Readonly<Record<string, string>>,
    output: string,
    resolution: Readonly<Record<string, string>>,
  ): Promise<void> {
    const compilerOptions = {
      ...resolution,
      target: 'es2022',
      lib: ['es2022', 'esnext.disposable'],
      types: ['node'],
      strict: true,
      exactOptionalPropertyTypes: true,
      noUncheckedIndexedAccess: true,
      // The types of this package are checked too, as they are for a user who leaves this off.
      skipLibCheck: false,
      rootDir: '.',
      outDir: output,
    }
    const config = join(subject.project, `tsconfig.${output}.json`)
    for (const [name, source] of Object.entries(files)) await writeFile(join(subject.project, name), source)
    await writeFile(config, JSON.stringify({ compilerOptions, files: Object.keys(files) }))
    await runCommand(process.execPath, [join(root, 'node_modules', 'typescript', 'bin', 'tsc'), '-p', config])
  }
})

/** What a test runner sets for its own process must not reach the programs under test. */
const cleanEnvironment = { env: { NODE_OPTIONS: '', NODE_ENV: 'production' } }
