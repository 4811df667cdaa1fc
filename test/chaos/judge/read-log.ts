import { spawn } from 'node:child_process'
import { LogLines, type LogListener } from './log-line.js'

/** Shows every record of a topic to the listener, as kcat (librdkafka) reads it. It keeps none in memory. */
export function readLog(
  bootstrapServers: readonly string[],
  topic: string,
  listener: LogListener,
  timeoutMs: number,
): Promise<void> {
  const args = ['-C', '-e', '-q', '-b', bootstrapServers.join(','), '-t', topic, '-o', 'beginning']
  const child = spawn('kcat', [...args, '-f', '%p %o %s\\n', '-X', 'check.crcs=true'], {
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: timeoutMs,
    killSignal: 'SIGKILL',
  })
  const lines = new LogLines(listener)
  let said = ''
  child.stdout.on('data', (chunk: Buffer) => lines.push(chunk))
  child.stderr.on('data', (chunk: Buffer) => {
    said += chunk
  })
  return new Promise((resolve, reject) => {
    child.on('error', (error) =>
      reject(new Error('cannot run kcat, which reads the logs: is it installed?', { cause: error })),
    )
    child.on('close', (code, signal) => {
      if (code !== 0) {
        reject(new Error(`kcat ended with ${signal ?? code} while it read ${topic}: ${said.slice(-1_000)}`))
        return
      }
      try {
        lines.end()
        resolve()
      } catch (error) {
        reject(error)
      }
    })
  })
}
