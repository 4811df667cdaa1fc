import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { runCommandWith } from '../support/command-line.js'
import { knownClient, OidcScene } from '../support/token-server/oidc-scene.js'

let scene: OidcScene
let folder: string

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'odradek-oidc-command-'))
  scene = await OidcScene.start()
})

afterEach(async () => {
  await scene.close()
  await rm(folder, { recursive: true })
})

/** Runs `produce` with a file of settings that names a token endpoint. */
async function produce(url: string, ...options: readonly string[]) {
  const file = join(folder, 'client.properties')
  const lines = [
    'security.protocol=SASL_PLAINTEXT',
    'sasl.mechanism=OAUTHBEARER',
    `sasl.oauthbearer.token.endpoint.url=${url}`,
    `sasl.jaas.config=org.apache.kafka.common.security.oauthbearer.OAuthBearerLoginModule required ${knownClient};`,
  ]
  await writeFile(file, lines.join('\n'))
  const where = ['--bootstrap-server', scene.cluster.bootstrapServers, '--command-config', file]
  return runCommandWith('v\n', 'produce', ...where, '--topic', 'orders', ...options)
}

it('a file of settings makes the command ask no server', async () => {
  const { url } = scene.server
  for (const options of [[], ['--allow-token-url', `${url}/`], ['--allow-token-file', url]]) {
    const { exitCode, stderr } = await produce(url, ...options)
    expect(exitCode).not.toBe(0)
    expect(stderr).toContain(`or --allow-token-url '${url}' on the command line`)
  }
  expect(scene.server.requests).toEqual([])
})

it('--allow-token-url lets it, and may be repeated', async () => {
  const { url } = scene.server
  const result = await produce(url, '--allow-token-url', 'https://other', '--allow-token-url', url)
  expect(result).toMatchObject({ exitCode: 0 })
  expect(scene.server.requests).toHaveLength(1)
})

it('a file of settings makes the command read no file, unless --allow-token-file lets it', async () => {
  const file = join(folder, 'token')
  await writeFile(file, scene.server.sign())
  const url = pathToFileURL(file).href
  const refused = await produce(url)
  expect(refused.exitCode).not.toBe(0)
  expect(refused.stderr).toContain(`names '${file}', which is not read unless code allows it`)
  expect(await produce(url, '--allow-token-file', file)).toMatchObject({ exitCode: 0 })
})

it.each(['allowedTokenUrls', 'allowed.token.urls'])('--command-property %s is refused', async (name) => {
  const { url } = scene.server
  const { exitCode, stderr } = await produce(url, '--command-property', `${name}=${url}`)
  expect(exitCode).not.toBe(0)
  expect(stderr).toContain(`${name} cannot be a property: settings cannot allow what settings name`)
  expect(scene.server.requests).toEqual([])
})
