import { librdkafka } from '../../../bench/peers/librdkafka.js'
import type { CreateClient } from '../driver/chaos-client.js'

export const createClient: CreateClient = (settings) => librdkafka(settings)
