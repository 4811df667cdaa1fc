#!/usr/bin/env node
import process from 'node:process'
import { runCommandLine } from './program.js'
import { Terminal } from './terminal.js'

async function main(): Promise<void> {
  const terminal = new Terminal(process.stdin, process.stdout, process.stderr)
  for (const name of ['SIGINT', 'SIGTERM'] as const) process.on(name, () => terminal.interrupt(name))
  terminal.onBroken(() => {
    process.exitCode = 1
  })
  const exitCode = await runCommandLine(process.argv.slice(2), terminal)
  process.exitCode = terminal.isBroken ? 1 : exitCode
  // An open stdin that nobody reads any more would keep the process.
  process.stdin.destroy()
}

void main()
