/** The command that runs a seed again exactly as it was, and prints its trace. */
export function replayCommand(seed: number, records: number): string {
  return `npm run sim -- --seed ${seed} --records ${records} --trace`
}
