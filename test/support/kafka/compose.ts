import { fileURLToPath } from 'node:url'
import { defaultKafkaVersion } from './distribution.js'
import { runCommand } from './run-command.js'
import type { RunningSharedKafka } from './shared-cluster.js'

const composeFile = fileURLToPath(new URL('../../../docker-compose.yml', import.meta.url))
// A project of its own, so that stopping it never touches a cluster which a developer started by hand.
const project = ['compose', '--file', composeFile, '--project-name', 'odradek-test']

/** Starts the three brokers of docker-compose.yml and waits until their health checks pass. */
export async function startCompose(): Promise<RunningSharedKafka> {
  const stop = async () => {
    await runCommand('docker', [...project, 'down', '--volumes'])
  }
  try {
    await runCommand('docker', [...project, 'up', '--detach', '--wait'], { timeoutMs: 170_000 })
  } catch (error) {
    await stop()
    throw error
  }
  const bootstrapServers = ['127.0.0.1:9092', '127.0.0.1:9093', '127.0.0.1:9094']
  return { kafka: { version: defaultKafkaVersion, bootstrapServers, external: true, brokers: [] }, stop }
}
