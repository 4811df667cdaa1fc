import { readdir } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import type { Api } from '../../../src/protocol/api.js'

export type AnyApi = Api<unknown, unknown>

const folder = fileURLToPath(new URL('../../../src/protocol/', import.meta.url))

/** Every API that a file of src/protocol exports, so that a new one is tested without a change here. */
export async function ourApis(): Promise<readonly AnyApi[]> {
  const files = (await readdir(folder)).filter((name) => name.endsWith('.ts') && !name.endsWith('.d.ts'))
  const modules: readonly object[] = await Promise.all(
    files.map((name) => import(`../../../src/protocol/${name.slice(0, -3)}.ts`)),
  )
  const apis = modules.flatMap((module) => Object.values(module).filter(isApi))
  return [...new Set(apis)].sort((a, b) => a.key - b.key)
}

function isApi(value: unknown): value is AnyApi {
  return typeof value === 'object' && value !== null && 'flexibleFrom' in value && 'readResponse' in value
}
