import { type ChildProcessWithoutNullStreams, type SpawnOptions, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { root } from '../unit/project/tree.js'
import { runCommand } from './kafka/run-command.js'

/** The compiled command line. */
export const program: string = join(root, 'dist', 'cli', 'main.js')

export interface CommandProcess {
  readonly process: ChildProcessWithoutNullStreams
  /** The exit code or signal, and all output. */
  readonly ended: Promise<{
    readonly exitCode: number | null
    readonly signal: NodeJS.Signals | null
    readonly stdout: string
    readonly stderr: string
  }>
  /** Resolves once stderr contains the text. */
  said(text: string): Promise<void>
}

/** Compiles the command line unless it is compiled already. */
export async function buildProgram(): Promise<void> {
  await runCommand(process.execPath, [join(root, 'scripts', 'build.js'), '--if-changed'])
}

/** Starts the command line as a process of its own. */
export function startProcess(args: readonly string[], options: SpawnOptions = {}): CommandProcess {
  const child = spawn(process.execPath, [program, ...args], {
    stdio: 'pipe',
    ...options,
  }) as ChildProcessWithoutNullStreams
  let stdout = ''
  let stderr = ''
  const watchers = new Set<() => void>()
  child.stdout.on('data', (chunk: Buffer) => {
    stdout += chunk.toString()
  })
  child.stderr.on('data', (chunk: Buffer) => {
    stderr += chunk.toString()
    for (const look of watchers) look()
  })
  return {
    process: child,
    ended: once(child, 'close').then(([exitCode, signal]) => ({ exitCode, signal, stdout, stderr })),
    said: (wanted) =>
      new Promise((resolve) => {
        const look = (): void => {
          if (stderr.includes(wanted)) resolve()
        }
        watchers.add(look)
        look()
      }),
  }
}
