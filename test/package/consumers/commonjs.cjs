// A user's CommonJS script.
const { KafkaError, Producer } = require('odradek')
const { EmbeddedCluster } = require('odradek/testing')

async function main() {
  const cluster = await EmbeddedCluster.start()
  const producer = new Producer({ bootstrapServers: cluster.bootstrapServers })
  const metadata = await producer.send({ topic: 'orders', key: 'o-17', value: 'created' })
  const refusal = await producer.send({ topic: 'not a topic', value: '' }).catch((error) => error)
  await producer.close()
  const values = cluster.records('orders').map(({ value }) => value.toString())
  await cluster.close()

  const isKafkaError = refusal instanceof KafkaError
  console.log(JSON.stringify({ offset: String(metadata.offset), values, isKafkaError }))
}

void main()
