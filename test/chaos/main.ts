import { writeFileSync } from 'node:fs'
import { parseOptions } from './options.js'
import { faultsOf } from './result.js'
import { runChaos } from './run.js'
import { summaryOf } from './summary.js'

const options = parseOptions(process.argv.slice(2))
const result = await runChaos(options, (line) => console.log(line))
console.log(summaryOf(result))
if (options.report !== undefined) writeFileSync(options.report, `${JSON.stringify(result, undefined, 2)}\n`)
// Handles that are still open have no use any more.
process.exit(faultsOf(result).length === 0 ? 0 : 1)
