import { randomUUID } from 'node:crypto'
import { link, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'

/**
 * Runs `work` while no other process on this machine holds the same lock. A lock whose owner is gone, or
 * which is older than `maxAgeMs`, is taken over. Two takers may rarely win at once, so the work itself
 * has to end atomically; the lock only saves doing it twice.
 */
export async function withFileLock<T>(path: string, maxAgeMs: number, work: () => Promise<T>): Promise<T> {
  while (!(await tryAcquire(path))) {
    if (await isAbandoned(path, maxAgeMs)) await rm(path, { force: true })
    else await sleep(200)
  }
  try {
    return await work()
  } finally {
    await rm(path, { force: true })
  }
}

async function tryAcquire(path: string): Promise<boolean> {
  const candidate = `${path}.${randomUUID()}`
  await writeFile(candidate, String(process.pid))
  try {
    // A hard link appears with its content, so no waiter ever reads a lock without an owner.
    await link(candidate, path)
    return true
  } catch (error) {
    if (hasCode(error, 'EEXIST')) return false
    throw error
  } finally {
    await rm(candidate, { force: true })
  }
}

async function isAbandoned(path: string, maxAgeMs: number): Promise<boolean> {
  try {
    const owner = Number(await readFile(path, 'utf8'))
    const ageMs = Date.now() - (await stat(path)).mtimeMs
    return ageMs > maxAgeMs || !isRunning(owner)
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return false
    throw error
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return !hasCode(error, 'ESRCH')
  }
}

function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code
}
