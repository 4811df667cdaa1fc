/** What runs a seed again exactly as it was, and tells its story. */
export function replayCommand(seed: number, records: number): string {
  return `npm run sim -- --seed ${seed} --records ${records} --trace`
}
