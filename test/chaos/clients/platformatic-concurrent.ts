import { callPerRecord } from '../../../bench/peers/calls.js'
import { platformatic } from '../../../bench/peers/platformatic.js'
import type { CreateClient } from '../driver/chaos-client.js'

export const createClient: CreateClient = (settings) => platformatic(settings, callPerRecord)
