import { type ChaosResult, faultsOf } from './result.js'

const count = (number: number): string => number.toLocaleString('en-US')

/** The one table at the end of a run. */
export function summaryOf(result: ChaosResult): string {
  const { tally, network, verdict, recovery, options } = result
  const rows: readonly (readonly [name: string, value: string])[] = [
    ['client, brokers, seed', `${options.client}, 3 x Apache Kafka ${result.kafka}, ${options.seed}`],
    ['sent', count(result.sent)],
    ['acknowledged', count(result.acknowledged)],
    ['failed, not persisted', count(result.notPersisted)],
    ['failed, possibly persisted', count(result.possiblyPersisted)],
    ['left without an outcome', count(result.withoutOutcome)],
    [
      'client ended, fell silent',
      `${result.restarts.ended}, ${result.restarts.silent} (${result.incarnations} processes)`,
    ],
    [
      'kill -9 of brokers (leaders, controllers)',
      `${tally.kills} (${tally.leaderKills}, ${tally.controllerKills})`,
    ],
    ['kill -9 of the client', `${tally.clientKills}`],
    ['SIGSTOP (long, of the client)', `${tally.stops} (${tally.longStops}, ${tally.clientStops})`],
    ['connections cut', count(network.cuts)],
    ['responses dropped, delayed', `${count(network.drops)}, ${count(network.delays)}`],
    ['blackholes', `${tally.blackholes}`],
    ['SIGTERM, rolling restarts', `${tally.terminations}, ${tally.rollingRestarts}`],
    ['leaders elected on request', `${tally.elections}`],
    ['topics deleted and recreated', `${tally.recreations}`],
    ['partitions added', `${tally.growths}`],
    ['throttled answers (ignored)', `${result.throttles} (${result.throttlesIgnored})`],
    ['records read by kcat', count(result.read)],
    ['lost', count(verdict.lost)],
    ['duplicated', count(verdict.duplicated)],
    ['out of order', count(verdict.outOfOrder)],
    ['misplaced, foreign, unsettled', `${verdict.misplaced}, ${verdict.foreign}, ${verdict.unsettled}`],
    ['in the log though not persisted', count(verdict.notPersistedButThere)],
    [
      'recovery p50, p99, most',
      recovery === undefined
        ? 'no sample'
        : `${recovery.p50} ms, ${recovery.p99} ms, ${recovery.most} ms (${recovery.count} partitions)`,
    ],
    ['wall time', `${result.seconds.toFixed(0)} s`],
  ]
  const width = Math.max(...rows.map(([name]) => name.length))
  const faults = faultsOf(result)
  return [
    ...rows.map(([name, value]) => `  ${name.padEnd(width)}  ${value}`),
    ...result.examples.map((example) => `  ! ${example}`),
    faults.length === 0 ? 'PASSED' : `FAILED: ${faults.join('; ')}`,
  ].join('\n')
}
