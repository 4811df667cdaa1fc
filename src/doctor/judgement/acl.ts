import type { Fix } from '../finding.js'

/** The ACL that lets a principal write. It includes the right to see the topic. */
export function writeAcl(topic: string): Fix {
  return acl(`--operation Write --topic ${topic}`)
}

/** The ACL that lets a principal see settings. */
export function describeConfigsAcl(resource: string): Fix {
  return acl(`--operation DescribeConfigs ${resource}`)
}

/** An ACL, as a command for somebody who may give it. */
export function acl(grant: string): Fix {
  return {
    where: 'acl',
    setting: null,
    advice: 'let somebody who may do so add an ACL for the principal',
    lines: [`kafka-acls --bootstrap-server <server> --add --allow-principal User:<name> ${grant}`],
  }
}
