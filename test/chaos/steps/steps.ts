import type { StepKind } from '../schedule.js'
import { blackhole, kill, longStop, rollingRestart, shortStop, termination } from './broker-steps.js'
import { clientKill, clientStop } from './client-steps.js'
import type { Step } from './step.js'
import { growth, quota, recreation } from './topic-steps.js'

export const steps: Readonly<Record<StepKind, Step>> = {
  kill,
  'client kill': clientKill,
  'short stop': shortStop,
  'long stop': longStop,
  'client stop': clientStop,
  termination,
  'rolling restart': rollingRestart,
  blackhole,
  recreation,
  growth,
  quota,
}
