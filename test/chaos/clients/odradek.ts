import { type KafkaError, Producer } from '../../../src/index.js'
import type { CreateClient, Outcome } from '../driver/chaos-client.js'

export const createClient: CreateClient = async (settings, events) => {
  const { bootstrapServers, clientId, producer: config } = settings
  const producer = new Producer({
    bootstrapServers,
    clientId,
    acks: 'all',
    enableIdempotence: true,
    ...config,
  })
  producer.on('throttle', ({ throttleMs }) => events.throttled(throttleMs))
  return {
    send: (record, settled) => {
      producer.send(record, (error, metadata) => {
        if (metadata === null) settled(failed(error))
        else settled({ kind: 'acknowledged', partition: metadata.partition, offset: metadata.offset })
      })
    },
    close: () => producer.close(),
  }
}

function failed(error: KafkaError | null): Outcome {
  if (error === null) throw new Error('a callback got neither an error nor metadata')
  const { possiblyPersisted, code, message } = error
  return { kind: 'failed', possiblyPersisted, code, message }
}
