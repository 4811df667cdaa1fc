import { describe, expectTypeOf, it } from 'vitest'
import { KafkaError, type KafkaErrorCode, type KafkaErrorDetails, TimeoutError } from '../../src/index.js'
import { ErrorCode } from '../../src/protocol/error-codes.js'

const error = new KafkaError('no', { code: 'TIMEOUT' })

describe('the code of an error', () => {
  it("is one of Kafka's names or of our own", () => {
    expectTypeOf(error.code).toEqualTypeOf<KafkaErrorCode>()
    expectTypeOf<'NOT_LEADER_OR_FOLLOWER'>().toExtend<KafkaErrorCode>()
    expectTypeOf<'BUFFER_EXHAUSTED'>().toExtend<KafkaErrorCode>()
    // A broker that is newer than this client may send a code that has no name here.
    expectTypeOf<'UNKNOWN_9999'>().toExtend<KafkaErrorCode>()
    expectTypeOf<string>().not.toExtend<KafkaErrorCode>()
  })

  it('cannot be compared with a name that no error has', () => {
    // @ts-expect-error it is TIMEOUT
    expectTypeOf(error.code === 'TIMEUOT').toBeBoolean()
    // @ts-expect-error it is NOT_LEADER_OR_FOLLOWER
    expectTypeOf(error.code === 'NOT_LEADER').toBeBoolean()
    // @ts-expect-error an error is made with one of the names too
    expectTypeOf(new TimeoutError('late', 'buffer', { code: 'LATE' })).toExtend<KafkaError>()
  })

  it('may be left out of details, as undefined too', () => {
    expectTypeOf<{
      code: undefined
      topic: undefined
      partition: undefined
      broker: undefined
      attempts: undefined
      retriable: undefined
    }>().toExtend<KafkaErrorDetails>()
  })
})

describe('the name of an error code', () => {
  it('has the literal type of its number', () => {
    expectTypeOf(ErrorCode.NOT_LEADER_OR_FOLLOWER).toEqualTypeOf<6>()
    expectTypeOf(ErrorCode.UNKNOWN_SERVER_ERROR).toEqualTypeOf<-1>()
    // @ts-expect-error no code of Kafka's
    expectTypeOf(ErrorCode.NOT_LEADER).toBeNumber()
  })
})
