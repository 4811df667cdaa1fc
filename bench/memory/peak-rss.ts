import { readFileSync } from 'node:fs'

/**
 * The most memory that this process ever had in RAM, bytes. From Linux's own account of the process: `process.resourceUsage()` starts
 * with what the parent had when it made the process.
 */
export function peakRss(): number {
  const status = readFileSync('/proc/self/status', 'utf8')
  const kibibytes = /^VmHWM:\s*(\d+) kB$/m.exec(status)?.[1]
  if (kibibytes === undefined) throw new Error('/proc/self/status does not say VmHWM')
  return Number(kibibytes) * 1_024
}
