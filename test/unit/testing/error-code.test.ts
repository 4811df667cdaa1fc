import { expect, test } from 'vitest'
import { errorCode } from '../../../src/protocol/error-codes.js'
import { ErrorCode } from '../../../src/testing/error-code.js'

test.each(Object.entries(ErrorCode))("%s is Kafka's name for %i", (name, code) => {
  expect(errorCode(code).name).toBe(name)
})
