import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { resolveAdminConfig } from '../../src/admin/admin-config.js'
import { resolveConfig } from '../../src/config/config.js'
import { networkOptions } from '../../src/config/to-network-options.js'
import { nodeEnvironment } from '../../src/environment/node-environment.js'
import { fromProperties, type Producer, type ProducerConfig, type SaslConfig } from '../../src/index.js'
import type { NetworkOptions } from '../../src/network/network-options.js'
import { EmbeddedCluster, type EmbeddedClusterOptions } from '../../src/testing/index.js'
import { certificateText } from '../support/certificates/certificates.js'
import { runCommandWith } from '../support/command-line.js'
import { buildProgram } from '../support/command-process.js'
import { commandsOf, filesOf, programsOf } from '../support/documented-programs.js'
import { runCommand } from '../support/kafka/run-command.js'
import {
  brokerOfMsk,
  type ExpectedLogin,
  kerberosModule,
  kerberosTypes,
  providerFiles,
  providerPages,
} from '../support/provider-pages.js'
import { startTokenEndpoint, type TokenEndpoint } from '../support/token-endpoint.js'
import { filesUnder, read, root } from '../unit/project/tree.js'

/** The logins that a program gives for files which name a class of Java. */
const programLogins: Readonly<Record<string, SaslConfig>> = {
  AWS_MSK_IAM: {
    mechanism: 'AWS_MSK_IAM',
    credentials: () => ({ accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret' }),
  },
  GSSAPI: { mechanism: { name: 'GSSAPI', start: () => ({ next: () => Buffer.from('ticket for kafka@') }) } },
  OAUTHBEARER: { mechanism: 'OAUTHBEARER', token: () => 'TOKEN' },
}
const needProgram: Readonly<Record<string, keyof typeof programLogins>> = {
  'msk-iam': 'AWS_MSK_IAM',
  'msk-oauth': 'AWS_MSK_IAM',
  'event-hubs-oauth': 'OAUTHBEARER',
  kerberos: 'GSSAPI',
}

const pages = Object.entries(providerPages).map(([page, expected]) => {
  const markdown = read(`docs/providers/${page}.md`)
  const named = (file: string): string => file.replace(/\.\w+$/, '')
  return {
    page,
    expected,
    files: filesOf(markdown).map((file) => ({ ...file, name: named(file.file) })),
    programs: programsOf(markdown).map((program) => ({ ...program, name: named(program.file) })),
    commands: commandsOf(markdown).filter(([command, name]) => command === 'npx' && name === 'odradek'),
  }
})
const files = pages.flatMap(({ page, expected, files }) => files.map((file) => ({ page, expected, ...file })))
const programs = pages.flatMap(({ page, expected, programs }) =>
  programs.map((program) => ({ page, expected, ...program })),
)
const commands = pages.flatMap(({ page, expected, commands }) =>
  commands.map(([, , ...args]) => {
    const name = args[args.indexOf('--command-config') + 1]?.replace('.properties', '') ?? ''
    return { page, name, args, expected: expected[name] }
  }),
)

const before = process.cwd()
let folder: string
let cluster: EmbeddedCluster | undefined
let endpoint: TokenEndpoint

beforeAll(async () => {
  await buildProgram()
  endpoint = await startTokenEndpoint()
  folder = await mkdtemp(join(tmpdir(), 'odradek-providers-'))
  await mkdir(join(folder, 'node_modules', 'kerberos'), { recursive: true })
  await symlink(root, join(folder, 'node_modules', 'odradek'))
  await symlink(join(root, 'node_modules', '@types'), join(folder, 'node_modules', '@types'))
  await writeFile(join(folder, 'kerberos.d.ts'), kerberosTypes)
  await writeFile(join(folder, 'kerberos.mjs'), kerberosModule)
  for (const [name, content] of providerFiles()) await writeFile(join(folder, name), content, { mode: 0o600 })
  for (const { file, content } of files) await writeFile(join(folder, file), content)
  for (const { file, code } of programs) await writeFile(join(folder, file), code)
  // The settings name files of the current folder.
  process.chdir(folder)
}, 120_000)

afterEach(async () => {
  vi.unstubAllEnvs()
  await cluster?.close()
  cluster = undefined
})

afterAll(async () => {
  process.chdir(before)
  await endpoint.close()
  await rm(folder, { recursive: true, force: true })
})

/** How a client of the settings logs in, and whom it trusts. */
async function loginOf({ tls, sasl }: NetworkOptions): Promise<Omit<ExpectedLogin, 'securityProtocol'>> {
  const mechanism = sasl?.(nodeEnvironment) ?? null
  const login = await mechanism?.start(brokerOfMsk)
  const message = (await login?.next(null)) ?? null
  const context = (await tls?.current())?.context
  return {
    mechanism: mechanism?.name ?? null,
    ...(message !== null && { says: Buffer.from(message).toString() }),
    ...(context !== undefined && {
      trust: context.ca === undefined ? 'runtime' : 'files',
      hasCertificate: context.identity !== undefined,
    }),
  }
}

async function expectLogin(config: ProducerConfig, expected: ExpectedLogin): Promise<void> {
  const silent = { ...config, logger: false } as const
  const { securityProtocol, mechanism, says, trust, hasCertificate = false } = expected
  const resolved = resolveConfig(silent)
  expect(resolved.securityProtocol).toBe(securityProtocol)
  const clients = [
    networkOptions(resolved, nodeEnvironment),
    resolveAdminConfig(silent, nodeEnvironment).network,
  ]
  for (const client of clients)
    expect(await loginOf(client)).toEqual({
      mechanism,
      ...(says !== undefined && { says: expect.stringContaining(says) }),
      ...(trust !== undefined && { trust, hasCertificate }),
    })
}

/** The token endpoint of the test in place of that of the page. */
function atEndpoint(text: string, { tokenUrl }: ExpectedLogin): string {
  return tokenUrl === undefined ? text : text.replaceAll(tokenUrl, endpoint.url)
}

describe('the pages of providers', () => {
  it('are all known, with all their configurations', () => {
    const written = filesUnder('docs/providers').map((path) => path.replace(/^.*\/|\.md$/g, ''))
    expect(written.sort()).toEqual(Object.keys(providerPages).sort())
    for (const { page, expected, files, programs } of pages) {
      const named = new Set([...files, ...programs].map(({ name }) => name))
      expect([...named].sort(), page).toEqual(Object.keys(expected).sort())
      expect(read(`docs/providers/${page}.md`), page).toContain('## Advice')
    }
  })

  it('name every variable of AWS that the command line reads', () => {
    const variables = read('src/cli/aws-credentials.ts').match(/\bAWS_(?!MSK_IAM)\w+/g) ?? []
    const named = read('docs/providers/msk.md')
    expect(new Set(variables).size).toBe(5)
    for (const variable of variables) expect(named).toContain(`\`${variable}\``)
  })

  it('show programs whose types are right', async () => {
    const options = ['--strict', '--exactOptionalPropertyTypes', '--noUncheckedIndexedAccess', '--noEmit']
    const output = ['--module', 'nodenext', '--target', 'es2022', '--ignoreConfig', '--types', 'node']
    const tsc = join(root, 'node_modules', 'typescript', 'bin', 'tsc')
    const sources = [...programs.map(({ file }) => file), 'kerberos.d.ts']
    await runCommand(process.execPath, [tsc, ...options, ...output, ...sources])
    expect(programs.length).toBeGreaterThan(15)
  })
})

describe('a published file', () => {
  it.each(files)('of $page is used unchanged, by a producer and by an admin: $file', async (file) => {
    const needed = needProgram[file.name]
    const sasl = needed === undefined ? undefined : programLogins[needed]
    const expected = file.expected[file.name]
    if (expected === undefined) throw new Error(`nothing is expected of ${file.file}`)
    const config = fromProperties(atEndpoint(file.content, expected), { logger: false, sasl })
    const allowed = expected.tokenUrl === undefined ? {} : { allowedTokenUrls: [endpoint.url] }
    await expectLogin({ ...config, ...allowed }, expected)
  })

  it.each(files.filter(({ name, expected }) => expected[name]?.tokenUrl !== undefined))(
    'of $page that names a URL is refused as long as nobody allows it: $file',
    ({ content }) => {
      const attempt = () => resolveConfig(fromProperties(content, { logger: false }))
      expect(attempt).toThrow('allowedTokenUrls')
    },
  )

  it.each(files.filter(({ name }) => needProgram[name] !== undefined))(
    'of $page that names a class of Java asks for a function: $file',
    ({ content }) => {
      const attempt = () => resolveConfig(fromProperties(content, { logger: false }))
      expect(attempt).toThrow(/fromProperties\(text, \{ sasl|give sasl: \{ mechanism \}/)
    },
  )
})

describe('a program', () => {
  it.each(programs)('of $page has the login that the page says: $file', async (program) => {
    vi.stubEnv('AWS_ACCESS_KEY_ID', 'AKIDEXAMPLE')
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'secret')
    const expected = program.expected[program.name]
    if (expected === undefined) throw new Error(`nothing is expected of ${program.file}`)
    const source = atEndpoint(program.code, expected)
      .replace(/'([\w-]+)\.properties'/, "'run-$1.properties'")
      .replace("from 'odradek'", `from ${JSON.stringify(join(root, 'src', 'index.ts'))}`)
      .replace("from 'kerberos'", `from ${JSON.stringify(join(folder, 'kerberos.mjs'))}`)
    const path = join(folder, `run-${program.file.replace('.mts', '.ts')}`)
    await writeFile(path, source)
    for (const { file, content } of files)
      await writeFile(join(folder, `run-${file}`), atEndpoint(content, expected))
    const { config, producer }: { config: ProducerConfig; producer: Producer } = await import(path)
    await producer.close()
    await expectLogin(config, expected)
  })

  it('with Kerberos goes through all steps of GSSAPI', async () => {
    const { config }: { config: ProducerConfig } = await import(join(folder, 'run-kerberos.ts'))
    const options = networkOptions(resolveConfig({ ...config, logger: false }), nodeEnvironment)
    const login = await options.sasl?.(nodeEnvironment).start(brokerOfMsk)
    const said: (string | null)[] = []
    for (const challenge of [null, 'proof', 'layers', '']) {
      const message = await login?.next(challenge === null ? null : Buffer.from(challenge))
      said.push(message ? Buffer.from(message).toString() : null)
    }
    expect(options.saslKerberosServiceName).toBe('kafka')
    expect(said).toEqual([`ticket for kafka@${brokerOfMsk.host}`, '', 'none for alice@EXAMPLE.COM', null])
  })
})

describe('a command', () => {
  it.each(commands)('of $page works with the file as it is: $name', async ({ name, args, expected }) => {
    if (expected === undefined) throw new Error(`nothing is expected of ${name}`)
    cluster = await EmbeddedCluster.start(serverFor(expected))
    vi.stubEnv('AWS_ACCESS_KEY_ID', 'AKIDEXAMPLE')
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'secret')
    vi.stubEnv('AWS_REGION', 'eu-west-1')
    const where = ['--bootstrap-server', cluster.bootstrapServers]
    // The brokers of the test are of no public authority.
    const trusting = ['ssl.truststore.type=PEM', 'ssl.truststore.location=ca.pem']
    const trust = expected.trust === 'runtime' ? trusting : []
    const given = [...where, ...trust.flatMap((property) => ['--command-property', property])]
    if (expected.tokenUrl !== undefined)
      given.push(
        ...['--command-property', `sasl.oauthbearer.token.endpoint.url=${endpoint.url}`],
        ...['--allow-token-url', endpoint.url],
      )
    const produced = await runCommandWith('a\n', ...args, ...given)
    expect(produced).toMatchObject({ exitCode: 0 })
    const config = args.slice(args.indexOf('--command-config'))
    if (expected.tokenUrl !== undefined)
      expect(endpoint.requests.at(-1)).toMatchObject({
        authorization: `Basic ${Buffer.from('CLIENT_ID:CLIENT_SECRET').toString('base64')}`,
        body: 'grant_type=client_credentials&scope=SCOPE',
      })
    const listed = await runCommandWith('', 'topics', '--list', ...config, ...given)
    expect(listed).toMatchObject({ exitCode: 0, stdout: 'orders\n' })
    expect(cluster.records('orders').map(({ value }) => String(value))).toEqual(['a'])
  })
})

/** An embedded cluster that demands the login. */
function serverFor({
  securityProtocol,
  mechanism,
  user,
  hasCertificate,
}: ExpectedLogin): EmbeddedClusterOptions {
  const tls = {
    key: certificateText('broker.key'),
    cert: certificateText('broker.pem'),
    ...(hasCertificate === true && { ca: certificateText('root.pem'), requestCert: true }),
  }
  return {
    topics: ['orders'],
    ...(securityProtocol !== 'PLAINTEXT' && { tls }),
    ...(mechanism !== null && {
      sasl: {
        mechanisms: [mechanism as 'PLAIN'],
        users: user === undefined ? {} : { [user[0]]: user[1] },
        tokenHolder: () => ({ username: 'role' }),
      },
    }),
  }
}
