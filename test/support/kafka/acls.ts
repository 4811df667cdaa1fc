import { isAtLeast, runKafkaTool } from './kafka-tool.js'

/** Broker settings that allow nothing, except to clients without a login: the brokers and Kafka's tools. */
export const aclsRequired: Readonly<Record<string, string>> = {
  'authorizer.class.name': 'org.apache.kafka.metadata.authorizer.StandardAuthorizer',
  'super.users': 'User:ANONYMOUS',
  'allow.everyone.if.no.acl.found': 'false',
}

/** Adds or removes rights with `kafka-acls`, whose arguments these are. */
export async function kafkaAcls(
  bootstrapServers: readonly string[],
  ...args: readonly string[]
): Promise<void> {
  await runKafkaTool(
    (version) => (isAtLeast(version, '4.0') ? 'org.apache.kafka.tools.AclCommand' : 'kafka.admin.AclCommand'),
    ['--bootstrap-server', bootstrapServers.join(','), '--force', ...args],
  )
}
