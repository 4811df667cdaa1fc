import { fetchedProgram } from './fetched-program.js'

/** A runtime beside Node, as a command that runs a module. */
export interface OtherRuntime {
  readonly name: 'Bun' | 'Deno'
  readonly version: string
  /** The command before the path of the module. Rejects where the runtime cannot be had. */
  command(): Promise<readonly [program: string, ...args: string[]]>
}

const bunVersion = '1.4.5'
const denoVersion = '2.9.6'
const denoPackages: Readonly<Record<string, string>> = {
  linux: `linux-${process.arch}-glibc`,
  darwin: `darwin-${process.arch}`,
}

/** The runtimes that run this package by their own work. They are no part of `engines`. */
export const otherRuntimes: readonly OtherRuntime[] = [
  {
    name: 'Bun',
    version: bunVersion,
    async command() {
      const arch = process.arch === 'arm64' ? 'aarch64' : process.arch
      const packageName = `@oven/bun-${process.platform}-${arch}`
      return [await fetchedProgram({ name: 'bun', version: bunVersion, packageName, path: 'bin/bun' })]
    },
  },
  {
    name: 'Deno',
    version: denoVersion,
    async command() {
      const packageName = `@deno/${denoPackages[process.platform] ?? process.platform}`
      const program = await fetchedProgram({
        name: 'deno',
        version: denoVersion,
        packageName,
        path: 'deno',
      })
      return [program, 'run', '--allow-all', '--no-lock', '--node-modules-dir=manual']
    },
  },
]
