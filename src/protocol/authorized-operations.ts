/**
 * Stands for the bit field of allowed operations in a response whose request did not ask for it (KIP-430).
 */
export const OPERATIONS_NOT_ASKED = -0x80000000

/**
 * The operations that an ACL allows or denies, by the number of their bit in the field of allowed operations
 * (KIP-430).
 */
export const AclOperation = {
  READ: 3,
  WRITE: 4,
  CREATE: 5,
  DELETE: 6,
  ALTER: 7,
  DESCRIBE: 8,
  CLUSTER_ACTION: 9,
  DESCRIBE_CONFIGS: 10,
  ALTER_CONFIGS: 11,
  IDEMPOTENT_WRITE: 12,
} as const

/** The number of an operation, which is that of its bit. */
export type AclOperationNumber = (typeof AclOperation)[keyof typeof AclOperation]

const { READ, WRITE, CREATE, DELETE, ALTER, DESCRIBE, CLUSTER_ACTION } = AclOperation
const { DESCRIBE_CONFIGS, ALTER_CONFIGS, IDEMPOTENT_WRITE } = AclOperation

/** All operations that a topic knows. A broker without an authorizer allows them to everybody. */
export const TOPIC_OPERATIONS: number = bitField([
  READ,
  WRITE,
  CREATE,
  DELETE,
  ALTER,
  DESCRIBE,
  DESCRIBE_CONFIGS,
  ALTER_CONFIGS,
])

/** All operations that a cluster knows. */
export const CLUSTER_OPERATIONS: number = bitField([
  CREATE,
  ALTER,
  DESCRIBE,
  CLUSTER_ACTION,
  DESCRIBE_CONFIGS,
  ALTER_CONFIGS,
  IDEMPOTENT_WRITE,
])

/** The bit field that has these operations. */
export function bitField(operations: readonly AclOperationNumber[]): number {
  return operations.reduce((bits: number, operation) => bits | (1 << operation), 0)
}

/**
 * Whether a bit field has an operation. Null if the broker does not tell: it was not asked, or the principal
 * may not describe the resource.
 */
export function isAllowed(bits: number, operation: AclOperationNumber): boolean | null {
  if (bits === OPERATIONS_NOT_ASKED || bits === 0) return null
  return (bits & (1 << operation)) !== 0
}
