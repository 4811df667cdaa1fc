import { spawnSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { root } from '../unit/project/tree.js'

/**
 * A project with our scripts, in which every tool is a few lines of ours that note their call in calls.txt.
 */
let project: string

beforeEach(() => {
  project = mkdtempSync(join(tmpdir(), 'odradek-scripts-'))
  cpSync(join(root, 'scripts'), join(project, 'scripts'), { recursive: true })
  write('package.json', '{"type":"module"}')
  write('package-lock.json', '{"packages":{"":{}}}')
  write('node_modules/.package-lock.json', '{"packages":{}}')
  write('tsconfig.json', '{}')
  write('tsconfig.build.json', '{}')
  write('src/cli/main.ts', '')
  tool('typescript', 'tsc', compile)
  tool('@biomejs/biome', 'biome', '')
  tool('publint', 'publint', '')
  tool('@arethetypeswrong/cli', 'attw', '')
  tool('vitest', 'vitest', countTests)
  tool('npm', 'npm', '')
})
afterEach(() => rmSync(project, { recursive: true, force: true }))

/** Compiles the command line to one that says how it was called. */
const compile = `
  const output = process.argv[process.argv.indexOf('--outDir') + 1]
  if (process.argv.includes('--outDir')) {
    fs.mkdirSync(output + '/cli', { recursive: true })
    fs.writeFileSync(output + '/cli/main.js', "console.log(process.argv.slice(2).join()); process.exitCode = 7")
  }`

/** Three tests pass and one is skipped in each of its processes. */
const countTests = `
  const projects = process.argv.filter((_, i, all) => all[i - 1] === '--project')
  const counts = { passed: 3, failed: 0, failures: [], skipped: ['a > b'], projects }
  fs.writeFileSync(process.env.ODRADEK_TEST_COUNTS, JSON.stringify(counts))`

function write(path: string, text: string): void {
  mkdirSync(dirname(join(project, path)), { recursive: true })
  writeFileSync(join(project, path), text)
}

function tool(packageName: string, command: string, code: string): void {
  const folder = `node_modules/${packageName}`
  write(`${folder}/package.json`, JSON.stringify({ bin: { [command]: `${command}-cli.cjs` } }))
  const note = `fs.appendFileSync(${JSON.stringify(join(project, 'calls.txt'))}, '${command} ')`
  write(`${folder}/${command}-cli.cjs`, `const fs = require('node:fs');${note};${code}`)
}

/** The tools called since the last time this was asked. */
function calls(): string[] {
  const path = join(project, 'calls.txt')
  if (!existsSync(path)) return []
  const names = readFileSync(path, 'utf8').trim().split(' ')
  rmSync(path)
  return names
}

function run(script: string, args: string[] = [], environment: Record<string, string> = {}) {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [join(project, 'scripts', script), ...args],
    {
      encoding: 'utf8',
      env: {
        ...process.env,
        CI: '',
        npm_execpath: join(project, 'node_modules/npm/npm-cli.cjs'),
        ...environment,
      },
    },
  )
  return { exitCode: status, stdout, stderr }
}

describe('npm start', () => {
  it('gives its arguments to the demo and ends with its exit code', () => {
    const { exitCode, stdout } = run('start.js', ['--bootstrap-server', 'localhost:9092', 'file.txt'])
    expect(stdout).toBe('demo,--bootstrap-server,localhost:9092,file.txt\n')
    expect(exitCode).toBe(7)
  })

  it('builds when the sources have changed, and only then', () => {
    expect(run('start.js').stderr).toMatch(/^odradek: build \(tsc\) \.\.\. [\d.]+ s\n$/)
    expect(calls()).toEqual(['tsc'])
    expect(run('start.js').stderr).toBe('')
    expect(calls()).toEqual([])
    write('src/cli/main.ts', '// changed')
    run('start.js')
    expect(calls()).toEqual(['tsc'])
    rmSync(join(project, 'dist'), { recursive: true })
    run('start.js')
    expect(calls()).toEqual(['tsc'])
  })

  it('installs when node_modules is not what the lockfile says, and only then', () => {
    write('package-lock.json', '{"packages":{"":{},"node_modules/a":{"version":"1.0.0"}}}')
    expect(run('start.js').stderr).toMatch(/^odradek: install \(npm ci\) \.\.\. [\d.]+ s\nodradek: build/)
    expect(calls()).toEqual(['npm', 'npm', 'tsc'])
    write('node_modules/.package-lock.json', '{"packages":{"node_modules/a":{"version":"1.0.0"}}}')
    run('start.js')
    expect(calls()).toEqual([])
    write('package-lock.json', '{"packages":{"":{},"node_modules/a":{"version":"1.0.1"}}}')
    run('start.js')
    expect(calls()).toContain('npm')
  })

  it('does not miss the packages of other platforms', () => {
    write('package-lock.json', '{"packages":{"":{},"node_modules/a":{"version":"1.0.0","optional":true}}}')
    run('start.js')
    expect(calls()).toEqual(['tsc'])
  })

  it('stops at a build that fails, and shows why', () => {
    tool('typescript', 'tsc', "console.log('main.ts(1,1): error'); process.exitCode = 2")
    const { exitCode, stdout, stderr } = run('start.js')
    expect(exitCode).toBe(2)
    expect(stdout).toBe('')
    expect(stderr).toContain('main.ts(1,1): error')
    expect(stderr).toMatch(/FAILED: build \(tsc\) failed \(exit code 2\)\n$/)
    expect(existsSync(join(project, 'dist'))).toBe(false)
  })

  it('ends what it has started when it is told to end', () => {
    const noteTheEnd = `fs.appendFileSync(${JSON.stringify(join(project, 'calls.txt'))}, 'ended ')`
    // The compiler has the build script, which started it, ended.
    const code = `
      process.on('SIGTERM', () => { ${noteTheEnd}; process.exit(0) })
      setInterval(() => {}, 1000)
      process.kill(process.ppid, 'SIGTERM')`
    tool('typescript', 'tsc', code)
    expect(run('start.js').exitCode).toBe(128 + 15)
    expect(calls()).toEqual(['tsc', 'ended'])
  })
})

// Each starts a dozen processes, which takes its time on a busy machine.
describe('npm test', { timeout: 120_000 }, () => {
  it('runs every step in order and sums up the tests of all processes', () => {
    const { exitCode, stdout } = run('test.js')
    expect(calls()).toEqual(['biome', 'tsc', 'tsc', 'tsc', 'publint', 'attw', 'vitest', 'vitest'])
    expect(stdout.trimEnd().split('\n').at(-1)).toBe('6 passed, 0 failed')
    expect(stdout).toContain('NOT RUN: a > b\n')
    expect(exitCode).toBe(0)
  })

  it('stops at the first step that fails, names it, and never ends as if all were well', () => {
    tool('@biomejs/biome', 'biome', "console.log('a.ts is ill-formed'); process.exitCode = 1")
    const { exitCode, stdout, stderr } = run('test.js')
    expect(calls()).toEqual(['biome'])
    expect(stderr).toContain('a.ts is ill-formed')
    expect(stderr).toContain('FAILED: lint and format (biome)')
    expect(stdout.trimEnd().split('\n').at(-1)).toBe('0 passed, 1 failed')
    expect(exitCode).toBe(1)
  })

  it.each([
    [
      'failed tests',
      'fs.writeFileSync(out, JSON.stringify({ passed: 3, failed: 2, failures: [], skipped: [], projects: [] })); process.exitCode = 1',
      '3 passed, 2 failed',
    ],
    [
      'an exit code alone',
      'fs.writeFileSync(out, JSON.stringify({ passed: 3, failed: 0, failures: [], skipped: [], projects: [] })); process.exitCode = 1',
      '3 passed, 1 failed',
    ],
    ['no report at all', 'process.exitCode = 1', '0 passed, 1 failed'],
    ['no report, and success', '', '0 passed, 1 failed'],
  ])('takes %s for a failure', (_what, code, lastLine) => {
    tool('vitest', 'vitest', `const out = process.env.ODRADEK_TEST_COUNTS; ${code}`)
    const { exitCode, stdout } = run('test.js')
    expect(calls().filter((name) => name === 'vitest')).toHaveLength(1)
    expect(stdout.trimEnd().split('\n').at(-1)).toBe(lastLine)
    expect(exitCode).toBe(1)
  })

  it('names what has failed, in the last lines', () => {
    const counts =
      "{ passed: 3, failed: 1, failures: ['a.test.ts > b: 1 is not 2'], skipped: [], projects: [] }"
    const code = `fs.writeFileSync(process.env.ODRADEK_TEST_COUNTS, JSON.stringify(${counts})); process.exitCode = 1`
    tool('vitest', 'vitest', code)
    expect(run('test.js').stdout.split('\n').slice(-4)[0]).toBe('FAILED: a.test.ts > b: 1 is not 2')
  })

  it('says which kind of tests is missing, and fails for it in CI', () => {
    const code =
      "fs.writeFileSync(process.env.ODRADEK_TEST_COUNTS, JSON.stringify({ passed: 1, failed: 0, failures: [], skipped: [], projects: ['unit'] }))"
    tool('vitest', 'vitest', code)
    const here = run('test.js')
    expect(here.stdout).toContain('NOT RUN: project embedded: it has no test file\n')
    expect(here.exitCode).toBe(0)
    const inCi = run('test.js', [], { CI: 'true' })
    expect(inCi.stderr).toContain('no test file in conformance, embedded, types, package')
    expect(inCi.exitCode).toBe(1)
  })
})

describe('npm run test:quick', { timeout: 120_000 }, () => {
  it('runs all checks and the unit tests', () => {
    tool('vitest', 'vitest', '')
    const { exitCode, stderr } = run('quick.js')
    expect(calls().toSorted()).toEqual(['attw', 'biome', 'publint', 'tsc', 'tsc', 'tsc', 'vitest'])
    expect(stderr).toMatch(/test:quick took [\d.]+ s\n$/)
    expect(exitCode).toBe(0)
  })

  it('checks the package when the sources or package.json have changed, or when it was not good', () => {
    tool('vitest', 'vitest', '')
    const ofPackage = (): string[] => {
      run('quick.js')
      return calls().filter((name) => name === 'publint' || name === 'attw')
    }
    expect(ofPackage()).toEqual(['publint', 'attw'])
    expect(ofPackage()).toEqual([])
    write('src/cli/main.ts', '// changed')
    expect(ofPackage()).toEqual(['publint', 'attw'])
    write('package.json', '{"type":"module","version":"1.0.0"}')
    tool('@arethetypeswrong/cli', 'attw', 'process.exitCode = 1')
    expect(ofPackage()).toEqual(['publint', 'attw'])
    expect(ofPackage()).toEqual(['publint', 'attw'])
  })

  it.each([
    ['a check', '@biomejs/biome', 'biome', 'lint and format (biome)'],
    ['a unit test', 'vitest', 'vitest', 'unit tests'],
  ])('fails when %s does, and shows its output', (_what, packageName, command, name) => {
    tool(packageName, command, "console.log('this is wrong'); process.exitCode = 1")
    const { exitCode, stderr } = run('quick.js')
    expect(stderr).toContain('this is wrong')
    expect(stderr).toContain(`FAILED: ${name} failed`)
    expect(exitCode).toBe(1)
  })
})

describe('npm run sim, bench and the like', { timeout: 120_000 }, () => {
  it('say which programs there are to who names none of them', () => {
    write('bench/produce.ts', '')
    expect(run('run.js', ['simm'])).toMatchObject({
      exitCode: 2,
      stderr: "odradek: there is no program named 'simm': use sim, mutants, compare, chaos\n",
    })
    expect(run('run.js', ['bench', 'prod'])).toMatchObject({
      exitCode: 2,
      stderr: "odradek: there is no benchmark named 'prod': use produce\n",
    })
    expect(run('run.js', ['bench'])).toMatchObject({
      exitCode: 0,
      stdout: expect.stringMatching(/\n {2}produce\n$/),
    })
    expect(calls()).toEqual([])
  })

  it('compile each program to a folder of its own and become it', () => {
    tool(
      'typescript',
      'tsc',
      `const output = process.argv[process.argv.indexOf('--outDir') + 1] + '/test/simulation'
       fs.mkdirSync(output, { recursive: true })
       fs.writeFileSync(output + '/main.js', "console.log(process.argv.slice(2).join()); process.exitCode = 7")`,
    )
    const { exitCode, stdout } = run('run.js', ['sim', '--seed', '7'])
    expect(stdout).toBe('--seed,7\n')
    expect(exitCode).toBe(7)
    expect(existsSync(join(project, 'build', 'sim', 'test', 'simulation', 'main.js'))).toBe(true)
  })
})
