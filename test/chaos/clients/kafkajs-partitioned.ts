import { oneCallAtATime } from '../../../bench/peers/calls.js'
import { kafkaJs } from '../../../bench/peers/kafkajs.js'
import { partitioned } from '../../../bench/peers/partitioned.js'
import type { CreateClient } from '../driver/chaos-client.js'

export const createClient: CreateClient = async (settings) =>
  partitioned(settings, await kafkaJs(settings, oneCallAtATime))
