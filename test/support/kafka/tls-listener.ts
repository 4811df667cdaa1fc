import { certificateFile } from '../certificates/certificates.js'

/** Broker settings of a listener that shows one of the test certificates, and trusts clients of the root. */
export function tlsListener(name: string, certificate: string): Record<string, string> {
  const prefix = `listener.name.${name}`
  return {
    [`${prefix}.ssl.keystore.type`]: 'PEM',
    [`${prefix}.ssl.keystore.location`]: certificateFile(`${certificate}.both.pem`),
    [`${prefix}.ssl.truststore.type`]: 'PEM',
    [`${prefix}.ssl.truststore.location`]: certificateFile('root.pem'),
  }
}
