/**
 * What the producer does with a batch when a Produce response has the code:
 *
 * - `success`: the batch is in the log;
 * - `duplicate`: the batch was in the log already. It succeeds with its offset unknown, because the broker
 *   no longer knows it;
 * - `retry`: the batch is sent again after a backoff;
 * - `refresh`: as `retry`, and metadata is fetched first, because the partition may have moved;
 * - `split`: the records are sent again in smaller batches; a batch of one record fails;
 * - `sequence`: the broker misses records before the batch, or forgot the producer. The other batches in
 *   flight decide what that means;
 * - `newIdentity`: the broker no longer accepts the producer id or epoch, so the producer asks for another
 *   id;
 * - `fail`: the records fail.
 */
export type ProduceDisposition =
  | 'success'
  | 'duplicate'
  | 'retry'
  | 'refresh'
  | 'split'
  | 'sequence'
  | 'newIdentity'
  | 'fail'

/**
 * A fact about an error code beside its disposition:
 *
 * - `fatal`: sends fail until something outside the producer changes; the next send tries again;
 * - `abortable`: a transaction under way has to be aborted, and then the producer works again;
 * - `possiblyPersisted`: the records may be in the log in spite of the error.
 */
export type ErrorFlag = 'fatal' | 'abortable' | 'possiblyPersisted'

/**
 * One row of the table. `meaning` says what happened and what to do, and follows a colon in an error's
 * message.
 */
export type ErrorCodeRow = readonly [
  code: number,
  name: ErrorCodeName,
  produce: ProduceDisposition,
  meaning: string,
  ...flags: ErrorFlag[],
]

/**
 * Every error code of Kafka 4.4, with its meaning and what to do. `retry` and `refresh` stand exactly where
 * Java's client throws a RetriableException and an InvalidMetadataException.
 *
 * https://kafka.apache.org/protocol#protocol_error_codes
 */
// biome-ignore format: one row a line, as in a table
export const ERROR_CODES = [
  [-1, 'UNKNOWN_SERVER_ERROR', 'fail', 'the broker failed in a way it has no code for; see its log', 'possiblyPersisted'],
  [0, 'NONE', 'success', 'no error'],
  [1, 'OFFSET_OUT_OF_RANGE', 'fail', 'the partition has no record at that offset'],
  [2, 'CORRUPT_MESSAGE', 'retry', 'the batch arrived damaged, or a record lacks the key that a compacted topic needs'],
  [3, 'UNKNOWN_TOPIC_OR_PARTITION', 'refresh', 'the broker does not have this topic or partition; check the name, or wait until it is created'],
  [4, 'INVALID_FETCH_SIZE', 'fail', 'the fetch size is not valid'],
  [5, 'LEADER_NOT_AVAILABLE', 'refresh', 'the partition has no leader at the moment; an election is under way or all replicas are down'],
  [6, 'NOT_LEADER_OR_FOLLOWER', 'refresh', 'the partition has moved to another broker'],
  [7, 'REQUEST_TIMED_OUT', 'retry', 'the replicas did not acknowledge in time; a follower is slow or down', 'possiblyPersisted'],
  [8, 'BROKER_NOT_AVAILABLE', 'fail', 'the broker is not available'],
  [9, 'REPLICA_NOT_AVAILABLE', 'refresh', 'the broker does not have this replica at the moment'],
  [10, 'MESSAGE_TOO_LARGE', 'split', 'larger than the topic takes; make it smaller or raise max.message.bytes of the topic'],
  [11, 'STALE_CONTROLLER_EPOCH', 'fail', 'the controller has moved to another broker'],
  [12, 'OFFSET_METADATA_TOO_LARGE', 'fail', 'the text committed beside the offset is longer than the broker takes'],
  [13, 'NETWORK_EXCEPTION', 'refresh', 'the connection ended before the answer came', 'possiblyPersisted'],
  [14, 'COORDINATOR_LOAD_IN_PROGRESS', 'retry', 'the coordinator is still reading its state; usual after a broker has started'],
  [15, 'COORDINATOR_NOT_AVAILABLE', 'retry', 'there is no coordinator at the moment'],
  [16, 'NOT_COORDINATOR', 'retry', 'the coordinator has moved to another broker'],
  [17, 'INVALID_TOPIC_EXCEPTION', 'fail', 'not a topic to write to; names have letters, digits, dots, dashes and underscores, 249 at the most, and internal topics are closed'],
  [18, 'RECORD_LIST_TOO_LARGE', 'fail', 'the batch is larger than a segment of the log; lower batch.size or raise segment.bytes of the topic'],
  [19, 'NOT_ENOUGH_REPLICAS', 'retry', 'fewer replicas are in sync than min.insync.replicas asks for; nothing was written'],
  [20, 'NOT_ENOUGH_REPLICAS_AFTER_APPEND', 'retry', 'written by the leader, but fewer replicas are in sync than min.insync.replicas asks for', 'possiblyPersisted'],
  [21, 'INVALID_REQUIRED_ACKS', 'fail', 'acks is not -1, 0 or 1'],
  [22, 'ILLEGAL_GENERATION', 'fail', 'the consumer group has rebalanced since; its offsets cannot be committed', 'abortable'],
  [23, 'INCONSISTENT_GROUP_PROTOCOL', 'fail', 'the group member has no protocol in common with the group'],
  [24, 'INVALID_GROUP_ID', 'fail', 'not a valid group id'],
  [25, 'UNKNOWN_MEMBER_ID', 'fail', 'the consumer is not a member of its group any more; its offsets cannot be committed', 'abortable'],
  [26, 'INVALID_SESSION_TIMEOUT', 'fail', 'the session timeout is outside the range the broker allows'],
  [27, 'REBALANCE_IN_PROGRESS', 'fail', 'the consumer group is rebalancing'],
  [28, 'INVALID_COMMIT_OFFSET_SIZE', 'fail', 'the committed offsets are larger than the broker takes'],
  [29, 'TOPIC_AUTHORIZATION_FAILED', 'fail', 'the principal may not do this to the topic; a producer needs WRITE and DESCRIBE', 'abortable'],
  [30, 'GROUP_AUTHORIZATION_FAILED', 'fail', 'the principal may not use this consumer group; committing its offsets needs READ', 'abortable'],
  [31, 'CLUSTER_AUTHORIZATION_FAILED', 'fail', 'the principal may not do this to the cluster; an idempotent producer needs WRITE on a topic, and before Kafka 2.8 IDEMPOTENT_WRITE on the cluster', 'fatal'],
  [32, 'INVALID_TIMESTAMP', 'fail', "a timestamp is further from the broker's clock than the topic allows; check the clocks and message.timestamp.*.max.ms"],
  [33, 'UNSUPPORTED_SASL_MECHANISM', 'fail', 'the broker does not offer this SASL mechanism', 'fatal'],
  [34, 'ILLEGAL_SASL_STATE', 'fail', 'the broker did not expect this step of the SASL handshake; is the port one for SASL?', 'fatal'],
  [35, 'UNSUPPORTED_VERSION', 'fail', 'the broker does not know this version of the API'],
  [36, 'TOPIC_ALREADY_EXISTS', 'fail', 'a topic of this name exists already'],
  [37, 'INVALID_PARTITIONS', 'fail', 'not a valid number of partitions; it is 1 or more and cannot be lowered'],
  [38, 'INVALID_REPLICATION_FACTOR', 'fail', 'not a valid replication factor; it is 1 or more and no more than the brokers there are'],
  [39, 'INVALID_REPLICA_ASSIGNMENT', 'fail', 'the replicas are assigned to brokers that are not there, or unevenly'],
  [40, 'INVALID_CONFIG', 'fail', 'a setting is unknown or its value is not valid'],
  [41, 'NOT_CONTROLLER', 'retry', 'the controller has moved to another broker'],
  [42, 'INVALID_REQUEST', 'fail', 'the broker calls the request malformed; its log says why'],
  [43, 'UNSUPPORTED_FOR_MESSAGE_FORMAT', 'fail', 'the topic keeps an old record format that cannot do this'],
  [44, 'POLICY_VIOLATION', 'fail', 'a policy of the broker forbids it'],
  [45, 'OUT_OF_ORDER_SEQUENCE_NUMBER', 'sequence', 'the broker misses records that this producer sent before', 'abortable'],
  [46, 'DUPLICATE_SEQUENCE_NUMBER', 'duplicate', 'the records are in the log already'],
  [47, 'INVALID_PRODUCER_EPOCH', 'newIdentity', 'the broker has seen a higher epoch of this producer id', 'abortable'],
  [48, 'INVALID_TXN_STATE', 'fail', 'the transaction is not in a state that allows it'],
  [49, 'INVALID_PRODUCER_ID_MAPPING', 'newIdentity', 'the producer id is not the one of this transactional id any more; it may have expired'],
  [50, 'INVALID_TRANSACTION_TIMEOUT', 'fail', 'transaction.timeout.ms is above what the broker allows (its transaction.max.timeout.ms)'],
  [51, 'CONCURRENT_TRANSACTIONS', 'retry', 'the coordinator is still ending the transaction before'],
  [52, 'TRANSACTION_COORDINATOR_FENCED', 'fail', 'the transaction coordinator has moved to another broker'],
  [53, 'TRANSACTIONAL_ID_AUTHORIZATION_FAILED', 'fail', 'the principal may not use this transactional id; it needs WRITE and DESCRIBE', 'fatal'],
  [54, 'SECURITY_DISABLED', 'fail', 'the broker has no authorizer'],
  [55, 'OPERATION_NOT_ATTEMPTED', 'fail', 'the broker did not try, because another part of the request failed', 'abortable'],
  [56, 'KAFKA_STORAGE_ERROR', 'refresh', 'the broker cannot use the disk of this partition', 'possiblyPersisted'],
  [57, 'LOG_DIR_NOT_FOUND', 'fail', 'the broker has no such log directory'],
  [58, 'SASL_AUTHENTICATION_FAILED', 'fail', 'the broker does not accept the credentials', 'fatal'],
  [59, 'UNKNOWN_PRODUCER_ID', 'sequence', 'the broker has forgotten this producer; its records were deleted or it was idle for long', 'abortable'],
  [60, 'REASSIGNMENT_IN_PROGRESS', 'fail', "the partition's replicas are being moved"],
  [61, 'DELEGATION_TOKEN_AUTH_DISABLED', 'fail', 'the broker does not offer delegation tokens'],
  [62, 'DELEGATION_TOKEN_NOT_FOUND', 'fail', 'the broker does not know the delegation token'],
  [63, 'DELEGATION_TOKEN_OWNER_MISMATCH', 'fail', 'the principal neither owns the delegation token nor may renew it'],
  [64, 'DELEGATION_TOKEN_REQUEST_NOT_ALLOWED', 'fail', "this connection's authentication does not allow delegation token requests"],
  [65, 'DELEGATION_TOKEN_AUTHORIZATION_FAILED', 'fail', 'the principal may not do this with delegation tokens'],
  [66, 'DELEGATION_TOKEN_EXPIRED', 'fail', 'the delegation token has expired'],
  [67, 'INVALID_PRINCIPAL_TYPE', 'fail', 'the broker does not know this type of principal'],
  [68, 'NON_EMPTY_GROUP', 'fail', 'the consumer group still has members'],
  [69, 'GROUP_ID_NOT_FOUND', 'fail', 'there is no such group'],
  [70, 'FETCH_SESSION_ID_NOT_FOUND', 'retry', 'the broker has dropped the fetch session'],
  [71, 'INVALID_FETCH_SESSION_EPOCH', 'retry', 'the fetch session is at another epoch'],
  [72, 'LISTENER_NOT_FOUND', 'refresh', "the leader has no listener like the one metadata came from; check the brokers' listeners"],
  [73, 'TOPIC_DELETION_DISABLED', 'fail', 'the cluster does not allow topics to be deleted (delete.topic.enable)'],
  [74, 'FENCED_LEADER_EPOCH', 'refresh', 'the client knows an older leader of the partition than the broker'],
  [75, 'UNKNOWN_LEADER_EPOCH', 'retry', 'the client knows a newer leader of the partition than the broker'],
  [76, 'UNSUPPORTED_COMPRESSION_TYPE', 'fail', 'the compression type is not supported; zstd needs Kafka 2.1'],
  [77, 'STALE_BROKER_EPOCH', 'fail', 'the broker has registered anew since'],
  [78, 'OFFSET_NOT_AVAILABLE', 'retry', 'a new leader does not know yet how far its log is replicated'],
  [79, 'MEMBER_ID_REQUIRED', 'fail', 'the group member has to join with the id it was given'],
  [80, 'PREFERRED_LEADER_NOT_AVAILABLE', 'refresh', 'the preferred leader is not available'],
  [81, 'GROUP_MAX_SIZE_REACHED', 'fail', 'the consumer group is full'],
  [82, 'FENCED_INSTANCE_ID', 'fail', 'another consumer has taken over this group.instance.id', 'abortable'],
  [83, 'ELIGIBLE_LEADERS_NOT_AVAILABLE', 'refresh', 'no replica may become leader of the partition'],
  [84, 'ELECTION_NOT_NEEDED', 'refresh', 'the partition has the wanted leader already'],
  [85, 'NO_REASSIGNMENT_IN_PROGRESS', 'fail', "the partition's replicas are not being moved"],
  [86, 'GROUP_SUBSCRIBED_TO_TOPIC', 'fail', 'the consumer group still reads the topic'],
  [87, 'INVALID_RECORD', 'fail', 'the broker refuses a record, for example one without a key for a compacted topic'],
  [88, 'UNSTABLE_OFFSET_COMMIT', 'retry', 'a transaction that has not ended yet holds the offsets'],
  [89, 'THROTTLING_QUOTA_EXCEEDED', 'retry', 'the quota for such requests is used up for the moment'],
  [90, 'PRODUCER_FENCED', 'fail', 'another producer with the same transactional id has taken over; close this one', 'fatal'],
  [91, 'RESOURCE_NOT_FOUND', 'fail', 'the resource does not exist'],
  [92, 'DUPLICATE_RESOURCE', 'fail', 'the request names a resource twice'],
  [93, 'UNACCEPTABLE_CREDENTIAL', 'fail', 'the broker does not take such a credential'],
  [94, 'INCONSISTENT_VOTER_SET', 'fail', 'the node is not one of the expected voters'],
  [95, 'INVALID_UPDATE_VERSION', 'fail', 'not a version the feature can be brought to'],
  [96, 'FEATURE_UPDATE_FAILED', 'fail', 'the broker failed to change the finalized features'],
  [97, 'PRINCIPAL_DESERIALIZATION_FAILURE', 'fail', 'a broker could not read the principal that another forwarded'],
  [98, 'SNAPSHOT_NOT_FOUND', 'fail', 'there is no such snapshot'],
  [99, 'POSITION_OUT_OF_RANGE', 'fail', 'the position is outside the snapshot'],
  [100, 'UNKNOWN_TOPIC_ID', 'refresh', "the broker does not know the topic's id; the topic was deleted, or created a moment ago"],
  [101, 'DUPLICATE_BROKER_REGISTRATION', 'fail', 'another broker has this id'],
  [102, 'BROKER_ID_NOT_REGISTERED', 'fail', 'no broker with this id is registered'],
  [103, 'INCONSISTENT_TOPIC_ID', 'refresh', 'the topic was deleted and created again since its metadata was fetched'],
  [104, 'INCONSISTENT_CLUSTER_ID', 'fail', 'the broker belongs to another cluster'],
  [105, 'TRANSACTIONAL_ID_NOT_FOUND', 'fail', 'the coordinator does not know this transactional id'],
  [106, 'FETCH_SESSION_TOPIC_ID_ERROR', 'retry', 'the fetch session mixes requests with and without topic ids'],
  [107, 'INELIGIBLE_REPLICA', 'fail', 'a replica may not join those in sync'],
  [108, 'NEW_LEADER_ELECTED', 'fail', 'the partition changed, and its leader with it'],
  [109, 'OFFSET_MOVED_TO_TIERED_STORAGE', 'fail', 'the offset is in tiered storage now'],
  [110, 'FENCED_MEMBER_EPOCH', 'fail', "the group coordinator has fenced the member's epoch", 'abortable'],
  [111, 'UNRELEASED_INSTANCE_ID', 'fail', 'another member of the group still holds the instance id'],
  [112, 'UNSUPPORTED_ASSIGNOR', 'fail', 'the group does not support this assignor'],
  [113, 'STALE_MEMBER_EPOCH', 'fail', 'the group member is at an older epoch than its coordinator', 'abortable'],
  [114, 'MISMATCHED_ENDPOINT_TYPE', 'fail', 'the request was meant for a controller and reached a broker, or the reverse'],
  [115, 'UNSUPPORTED_ENDPOINT_TYPE', 'fail', 'the broker does not know this type of endpoint'],
  [116, 'UNKNOWN_CONTROLLER_ID', 'fail', 'there is no such controller'],
  [117, 'UNKNOWN_SUBSCRIPTION_ID', 'fail', 'the telemetry subscription has changed since'],
  [118, 'TELEMETRY_TOO_LARGE', 'fail', 'the telemetry is larger than the broker takes'],
  [119, 'INVALID_REGISTRATION', 'fail', "the controller refuses the broker's registration"],
  [120, 'TRANSACTION_ABORTABLE', 'fail', 'the transaction cannot go on; abort it and begin another', 'abortable'],
  [121, 'INVALID_RECORD_STATE', 'fail', 'the record cannot be acknowledged in the state it is in'],
  [122, 'SHARE_SESSION_NOT_FOUND', 'retry', 'the broker has dropped the share session'],
  [123, 'INVALID_SHARE_SESSION_EPOCH', 'retry', 'the share session is at another epoch'],
  [124, 'FENCED_STATE_EPOCH', 'fail', "the share group's state is at another epoch"],
  [125, 'INVALID_VOTER_KEY', 'fail', 'the voter key is not the one of the replica'],
  [126, 'DUPLICATE_VOTER', 'fail', 'the voter is one already'],
  [127, 'VOTER_NOT_FOUND', 'fail', 'there is no such voter'],
  [128, 'INVALID_REGULAR_EXPRESSION', 'fail', 'not a valid regular expression'],
  [129, 'REBOOTSTRAP_REQUIRED', 'fail', 'the metadata of the client is too old; it has to start from its bootstrap servers'],
  [130, 'STREAMS_INVALID_TOPOLOGY', 'fail', 'not a valid topology'],
  [131, 'STREAMS_INVALID_TOPOLOGY_EPOCH', 'fail', 'not a valid topology epoch'],
  [132, 'STREAMS_TOPOLOGY_FENCED', 'fail', "the topology is older than the group's"],
  [133, 'SHARE_SESSION_LIMIT_REACHED', 'retry', 'the broker has no room for another share session at the moment'],
  [134, 'GROUP_DELETION_FAILED', 'fail', 'the group could not be deleted'],
  [135, 'STREAMS_TOPOLOGY_DESCRIPTION_UPDATE_FAILED', 'fail', 'the broker could not take the description of the topology'],
  [136, 'CONTROLLER_ID_NOT_REGISTERED', 'fail', 'no controller with this id is registered'],
] as const

ERROR_CODES satisfies readonly ErrorCodeRow[]

/** A row of the table with its code and its name as literal types. */
type TableRow = (typeof ERROR_CODES)[number]

/** Kafka's name of an error code. A code that is newer than this table gets a name made of its number. */
export type ErrorCodeName = TableRow[1] | `UNKNOWN_${number}`

/** The number of every error code by Kafka's name: `ErrorCode.NOT_LEADER_OR_FOLLOWER` is 6. */
export const ErrorCode: { readonly [Row in TableRow as Row[1]]: Row[0] } = Object.fromEntries(
  ERROR_CODES.map(([code, name]) => [name, code]),
) as { [Row in TableRow as Row[1]]: Row[0] }
