import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, readFile, rm } from 'node:fs/promises'
import { loadavg } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import type { ChaosResult } from '../test/chaos/result.js'
import { nodeProgram } from '../test/package/node-releases.js'
import { type Contender, contenders } from './peers/contenders.js'
import { installPeers } from './peers/install.js'
import { installedManifest, peersFolder, projectFolder } from './peers/installation.js'
import { matrixOf, type Row } from './peers/matrix.js'

/**
 * Runs `npm run chaos`, with three real brokers and the same faults, for one client after the other. Prints a
 * matrix of the outcomes. `--only a,b` runs some of the clients.
 */

const { values: options } = parseArgs({
  options: {
    only: { type: 'string', default: contenders.map(({ client }) => client).join() },
    rate: { type: 'string', default: '500' },
    kills: { type: 'string', default: '10' },
    stops: { type: 'string', default: '8' },
    cuts: { type: 'string', default: '100' },
    distance: { type: 'string', default: '1000' },
    seed: { type: 'string', default: '1' },
    minutes: { type: 'string', default: '30' },
  },
})

const reports = join(peersFolder, 'reports')
const loadEveryMs = 5_000

async function main(): Promise<void> {
  await installPeers()
  await mkdir(reports, { recursive: true })
  const rows: Row[] = []
  for (const client of options.only.split(',')) {
    const contender = contenders.find((candidate) => candidate.client === client)
    if (contender === undefined) throw new Error(`there is no client named ${client}`)
    rows.push(await rowOf(contender))
  }
  console.log(`\n${matrixOf(rows)}`)
}

async function rowOf(contender: Contender): Promise<Row> {
  const { client, node } = contender
  const report = join(reports, `${client}.json`)
  const kept = join(reports, client)
  for (const path of [report, kept]) await rm(path, { recursive: true, force: true })
  const { rate, kills, stops, cuts, distance, seed, minutes } = options
  const load = await chaos([
    ...['--client', client, '--rate', rate, '--seed', seed, '--minutes', minutes],
    ...['--kills', kills, '--stops', stops, '--cuts', cuts, '--distance', distance],
    ...(node === undefined ? [] : ['--node', await nodeProgram(node)]),
    ...['--steady', '--restart'],
    // A quota would change the rate.
    ...['--without', 'quota'],
    // No other client promises anything about recreated topics.
    ...['--without', 'recreation'],
    ...['--keep', kept, '--report', report],
  ])
  const result: ChaosResult = JSON.parse(await readFile(report, 'utf8'))
  const nodeVersion = node ?? process.versions.node
  return { contender, version: versionOf(contender), nodeVersion, load, result }
}

function versionOf({ packageName }: Contender): string {
  if (packageName === undefined) return 'odradek'
  const { version, librdkafka } = installedManifest(packageName)
  return `${packageName} ${version}${librdkafka === undefined ? '' : `, librdkafka ${librdkafka}`}`
}

/**
 * Resolves to the mean load. The exit code is ignored: it only says that there were violations, and the
 * report has them.
 */
async function chaos(args: readonly string[]): Promise<number> {
  console.log(`\nnpm run chaos -- ${args.join(' ')}`)
  const child = spawn(process.execPath, [join(projectFolder, 'scripts', 'run.js'), 'chaos', ...args], {
    cwd: projectFolder,
    stdio: ['ignore', 'inherit', 'inherit'],
  })
  const loads: number[] = []
  const timer = setInterval(() => loads.push(loadavg()[0] ?? 0), loadEveryMs)
  await once(child, 'exit')
  clearInterval(timer)
  return loads.reduce((sum, load) => sum + load, 0) / loads.length
}

await main()
