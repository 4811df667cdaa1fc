import { spawn } from 'node:child_process'
import type { Writable } from 'node:stream'
import { fileURLToPath } from 'node:url'

let messages: Writable | undefined

/** Kills a process (by pid) or removes a folder when the test process ends in any way. */
export function guard(subject: number | string): void {
  send({ watch: true, subject })
}

/** Ends the guard of a process or folder that is gone, because its pid or name may be used again soon. */
export function release(subject: number | string): void {
  send({ watch: false, subject })
}

function send(message: { readonly watch: boolean; readonly subject: number | string }): void {
  messages ??= startWatchdog()
  messages.write(`${JSON.stringify(message)}\n`)
}

function startWatchdog(): Writable {
  // The guard is detached, so that Ctrl-C or a kill of the process group does not end it too early.
  const child = spawn(process.execPath, [fileURLToPath(new URL('watchdog.js', import.meta.url))], {
    stdio: ['pipe', 'ignore', 'inherit'],
    detached: true,
  })
  child.unref()
  if ('unref' in child.stdin && typeof child.stdin.unref === 'function') child.stdin.unref()
  return child.stdin
}
