import { callPerRecord } from '../../../bench/peers/calls.js'
import { kafkaJs } from '../../../bench/peers/kafkajs.js'
import type { CreateClient } from '../driver/chaos-client.js'

export const createClient: CreateClient = (settings) => kafkaJs(settings, callPerRecord)
