#!/usr/bin/env node
import process from 'node:process'
import { isatty } from 'node:tty'
import { runCommandLine } from './program.js'
import { type EndingSignal, endingSignals, Terminal } from './terminal.js'

const standardDescriptors = [0, 1, 2]
/** A process with nothing left to do ends by itself within this time. */
const ENDS_WITHIN_MS = 200

async function main(): Promise<void> {
  const terminals = standardDescriptors.filter((fd) => isatty(fd))
  const terminal = new Terminal(process.stdin, process.stdout, process.stderr)
  const interrupt = (name: EndingSignal): void => {
    terminal.interrupt(name)
    // The next signal has Node's default effect: it ends the process at once.
    if (terminal.abandoned.aborted) stopListening()
  }
  const stopListening = (): void => {
    for (const name of endingSignals) process.off(name, interrupt)
  }
  for (const name of endingSignals) process.on(name, interrupt)
  terminal.onBroken(() => {
    process.exitCode = 1
  })
  const exitCode = await runCommandLine(process.argv.slice(2), terminal)
  process.exitCode = terminal.isBroken ? 1 : exitCode
  // An open stdin that nobody reads any more would keep the process alive.
  process.stdin.destroy()
  stopListening()
  // Node resets terminals when it ends. It aborts if it cannot, as with a closed terminal.
  if (!terminals.every((fd) => isatty(fd))) process.kill(process.pid, 'SIGHUP')
  const { interruption } = terminal
  if (interruption?.kind === 'signal') endBy(interruption.name)
}

/**
 * Ends the process by a signal. A thread that waits in a system call, such as one of the resolver, keeps even
 * `process.exit` from ending it.
 */
function endBy(name: EndingSignal): void {
  setTimeout(() => process.kill(process.pid, name), ENDS_WITHIN_MS).unref()
}

void main()
