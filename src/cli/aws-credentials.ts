import { asksForMskIam } from '../config/msk-iam-login.js'
import type { SaslConfig } from '../config/sasl.js'
import { CommandFailure } from './failure.js'

/**
 * The login for Amazon MSK with IAM, if the settings ask for it. A command has no function of a program, so
 * the credentials come from the variables that AWS's own tools read. They are read anew for each token.
 *
 * @throws CommandFailure if there are no credentials
 */
export function mskIamOfEnvironment(
  settings: Readonly<Record<string, string>>,
  variables: Readonly<Record<string, string | undefined>>,
): SaslConfig | undefined {
  if (!Object.entries(settings).some(([name, value]) => asksForMskIam(name, value))) return undefined
  credentialsOf(variables)
  const tellsRegion = /\.amazonaws\.com(?:\.cn)?\.?:/.test(settings['bootstrap.servers'] ?? '')
  const { AWS_REGION, AWS_DEFAULT_REGION } = variables
  const region = tellsRegion ? undefined : (AWS_REGION ?? AWS_DEFAULT_REGION)
  return { mechanism: 'AWS_MSK_IAM', credentials: () => credentialsOf(variables), region }
}

function credentialsOf({
  AWS_ACCESS_KEY_ID: accessKeyId,
  AWS_SECRET_ACCESS_KEY: secretAccessKey,
  AWS_SESSION_TOKEN: sessionToken,
}: Readonly<Record<string, string | undefined>>): {
  accessKeyId: string
  secretAccessKey: string
  sessionToken?: string
} {
  if (!accessKeyId || !secretAccessKey)
    throw new CommandFailure(
      'the settings ask for Amazon MSK with IAM, and AWS_ACCESS_KEY_ID or AWS_SECRET_ACCESS_KEY is not set: set them, as with eval "$(aws configure export-credentials --format env)"',
    )
  return { accessKeyId, secretAccessKey, ...(sessionToken && { sessionToken }) }
}
