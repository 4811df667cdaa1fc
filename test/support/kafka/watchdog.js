// Outlives the test process by a moment, to end what that process can no longer end: it reads one JSON
// message per line and, when its stdin closes for whatever reason (kill -9 included), kills the
// processes it was told about and removes their folders.
import { rmSync } from 'node:fs'
import { createInterface } from 'node:readline'

/** @type {Set<number | string>} process ids and folders */
const watched = new Set()

const lines = createInterface({ input: process.stdin })
lines.on('line', (line) => {
  const { watch, subject } = JSON.parse(line)
  if (watch) watched.add(subject)
  else watched.delete(subject)
})
lines.on('close', () => {
  const subjects = [...watched]
  // Processes first: one that still runs would go on writing into its folder.
  for (const pid of subjects.filter((subject) => typeof subject === 'number')) kill(pid)
  for (const folder of subjects.filter((subject) => typeof subject === 'string')) {
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
  }
})

/** @param {number} pid */
function kill(pid) {
  try {
    process.kill(pid, 'SIGKILL')
  } catch {
    // It ended by itself.
  }
}
