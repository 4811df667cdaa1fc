import { readFileSync } from 'node:fs'

/**
 * The peak resident memory of this process in bytes, as Linux reports it. `process.resourceUsage()` is of no
 * use, because its maximum starts at the size of the parent process.
 */
export function peakRss(): number {
  const status = readFileSync('/proc/self/status', 'utf8')
  const kibibytes = /^VmHWM:\s*(\d+) kB$/m.exec(status)?.[1]
  if (kibibytes === undefined) throw new Error('/proc/self/status has no VmHWM')
  return Number(kibibytes) * 1_024
}
