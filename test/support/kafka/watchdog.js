// Outlives the test process by a moment, to end what that process can no longer end: it reads one JSON
// message per line and, when its stdin closes for whatever reason (kill -9 included), kills the
// processes it was told about and removes their folders.
import { rmSync } from 'node:fs'
import { createInterface } from 'node:readline'

/** @type {Set<number>} */
const processes = new Set()
/** @type {Set<string>} */
const folders = new Set()

const lines = createInterface({ input: process.stdin })
lines.on('line', (line) => {
  const { watch, subject } = JSON.parse(line)
  const subjects = typeof subject === 'number' ? processes : folders
  if (watch) subjects.add(subject)
  else subjects.delete(subject)
})
lines.on('close', () => {
  for (const pid of processes) {
    try {
      process.kill(pid, 'SIGKILL')
    } catch {
      // It ended by itself.
    }
  }
  for (const folder of folders) rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
})
