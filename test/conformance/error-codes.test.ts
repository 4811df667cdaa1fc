import { expect, it } from 'vitest'
import { ERROR_CODES } from '../../src/error-code-table.js'
import { errorCode } from '../../src/protocol/error-codes.js'
import { describeWithKafkaJars } from '../support/kafka/describe-with-jars.js'
import { javaErrorCodes } from '../support/kafka/error-codes/java-error-codes.js'

await describeWithKafkaJars('the table of error codes', () => {
  it("has Kafka's codes and names, and retries and refreshes where Java's client does", async () => {
    const ours = ERROR_CODES.map(([number]) => {
      const { code, name, retriable, refreshMetadata } = errorCode(number)
      return { code, name, retriable, refreshMetadata }
    })
    const byCode = (a: { code: number }, b: { code: number }) => a.code - b.code
    expect(ours).toEqual((await javaErrorCodes()).sort(byCode))
  })
})
