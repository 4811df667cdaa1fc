import { spawn } from 'node:child_process'

export interface RunOptions {
  readonly input?: string | Buffer
  readonly env?: Readonly<Record<string, string>>
  readonly timeoutMs?: number
  /** Exit codes that are an answer, not a failure. */
  readonly acceptExitCodes?: readonly number[]
}

export interface CommandResult {
  readonly exitCode: number
  readonly stdout: Buffer
  readonly stderr: string
}

/**
 * Runs a program to its end. Rejects with the end of its output if it fails. Stdin is closed unless given.
 */
export function runCommand(
  command: string,
  args: readonly string[],
  options: RunOptions = {},
): Promise<CommandResult> {
  const { input, env, timeoutMs = 120_000, acceptExitCodes = [0] } = options
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      stdio: ['pipe', 'pipe', 'pipe'],
      env: { ...process.env, ...env },
      timeout: timeoutMs,
      killSignal: 'SIGKILL',
    })
    const stdout: Buffer[] = []
    const stderr: Buffer[] = []
    child.stdout.on('data', (chunk: Buffer) => stdout.push(chunk))
    child.stderr.on('data', (chunk: Buffer) => stderr.push(chunk))
    // A program that exits before it has read its input is judged by its exit code, not by the broken pipe.
    child.stdin.on('error', () => undefined)
    child.stdin.end(input)
    child.on('error', (error) =>
      reject(new Error(`cannot run ${command}: is it installed?`, { cause: error })),
    )
    child.on('close', (exitCode, signal) => {
      const result = { stdout: Buffer.concat(stdout), stderr: Buffer.concat(stderr).toString() }
      if (exitCode !== null && acceptExitCodes.includes(exitCode)) {
        resolve({ ...result, exitCode })
        return
      }
      const ending = signal === null ? `exit code ${exitCode}` : `${signal} (allowed ${timeoutMs} ms)`
      const output = `${result.stdout.toString().slice(-2_000)}\n${result.stderr.slice(-4_000)}`.trim()
      reject(new Error(`${command} ended with ${ending}\n${output}`))
    })
  })
}
