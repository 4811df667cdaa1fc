import type { KeyObject } from 'node:crypto'
import { privateKey } from '../../certificates/private-key.js'
import { UnreadableInput } from '../../certificates/unreadable-input.js'
import type { Files } from '../../environment/files.js'
import { ConfigError } from '../../errors.js'
import type { Logger } from '../../logger.js'
import { type AssertionEnvironment, keyProblem, makeAssertion } from '../../network/oidc/assertion.js'
import {
  type AssertionTemplate,
  noTemplate,
  readAssertionTemplate,
} from '../../network/oidc/assertion-template.js'
import { namedFile, shownFile } from '../named-file.js'
import type { OidcValues } from './oidc-fields.js'
import type { AssertionSource, NameOf } from './oidc-source.js'

/** A file of a token, an assertion, a template or a key is shorter. */
const MAX_BYTES = 1_048_576

export type FilesAndSigning = AssertionEnvironment & { readonly files: Files }

/**
 * The assertions of a client. The files are read here for the first time, and again for each assertion: they
 * may be replaced.
 *
 * @throws ConfigError for a file that cannot be used
 */
export function assertions(
  source: AssertionSource,
  values: OidcValues,
  nameOf: NameOf,
  environment: FilesAndSigning,
  logger: Logger,
): () => string {
  const { files } = environment
  const read =
    source.kind === 'file'
      ? () => textFile(nameOf('assertionFile'), source.path, files)
      : () => makeAssertion(claims(values), key(), template(), environment)
  const key = (): KeyObject => signingKey(values, nameOf, files)
  const template = (): AssertionTemplate => templateOf(values, nameOf, files)
  read()
  if (source.kind === 'made' && files.state(source.privateKeyFile).isReadableByOthers)
    logger.warn(
      `${shownFile(nameOf('assertionPrivateKeyFile'), source.privateKeyFile)} has a private key, and other users may read the file`,
    )
  return read
}

/** The text of a file without the white space around it. */
export function textFile(key: string, path: string, files: Files): string {
  const text = limited(key, path, files).trim()
  if (text === '') throw new ConfigError(key, `${shownFile(key, path)} is empty`)
  return text
}

function claims(values: OidcValues): Parameters<typeof makeAssertion>[0] {
  return {
    algorithm: values.assertionAlgorithm,
    issuer: values.assertionClaimIss,
    subject: values.assertionClaimSub,
    audience: values.assertionClaimAud,
    expSeconds: values.assertionClaimExpSeconds,
    nbfSeconds: values.assertionClaimNbfSeconds,
    includeId: values.assertionClaimJtiInclude,
  }
}

function signingKey(values: OidcValues, nameOf: NameOf, files: Files): KeyObject {
  const name = nameOf('assertionPrivateKeyFile')
  const path = values.assertionPrivateKeyFile ?? ''
  try {
    const key = privateKey(limited(name, path, files), values.assertionPrivateKeyPassphrase?.reveal())
    const problem = keyProblem(key, values.assertionAlgorithm)
    if (problem !== null) throw new UnreadableInput(problem)
    return key
  } catch (error) {
    if (!(error instanceof UnreadableInput)) throw error
    const passphrase = nameOf('assertionPrivateKeyPassphrase')
    if (!error.isPassword) throw new ConfigError(name, `${shownFile(name, path)} ${error.message}`)
    throw new ConfigError(passphrase, `${shownFile(name, path)} ${error.message}: check ${passphrase}`)
  }
}

function templateOf({ assertionTemplateFile }: OidcValues, nameOf: NameOf, files: Files): AssertionTemplate {
  if (assertionTemplateFile === null) return noTemplate
  const key = nameOf('assertionTemplateFile')
  const template = readAssertionTemplate(limited(key, assertionTemplateFile, files))
  if (template !== null) return template
  throw new ConfigError(
    key,
    `${shownFile(key, assertionTemplateFile)} is no JSON object whose header and payload are objects`,
  )
}

function limited(key: string, path: string, files: Files): string {
  const bytes = namedFile(key, path, files)
  if (bytes.length <= MAX_BYTES) return bytes.toString('utf8')
  throw new ConfigError(key, `${shownFile(key, path)} has ${bytes.length} bytes, more than ${MAX_BYTES}`)
}
