import { spawn } from 'node:child_process'
import type { Writable } from 'node:stream'
import { fileURLToPath } from 'node:url'

let messages: Writable | undefined

/** From now on this process (by pid) is killed, or this folder removed, when the test process ends in any way. */
export function guard(subject: number | string): void {
  send({ watch: true, subject })
}

/** The process has ended, or the folder is gone: its pid or name may soon belong to somebody else. */
export function release(subject: number | string): void {
  send({ watch: false, subject })
}

function send(message: { readonly watch: boolean; readonly subject: number | string }): void {
  messages ??= startWatchdog()
  messages.write(`${JSON.stringify(message)}\n`)
}

function startWatchdog(): Writable {
  // Detached, so that Ctrl-C or a kill of the whole process group does not end it before it has done its work.
  const child = spawn(process.execPath, [fileURLToPath(new URL('watchdog.js', import.meta.url))], {
    stdio: ['pipe', 'ignore', 'inherit'],
    detached: true,
  })
  child.unref()
  if ('unref' in child.stdin && typeof child.stdin.unref === 'function') child.stdin.unref()
  return child.stdin
}
