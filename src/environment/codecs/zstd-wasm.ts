import { Buffer } from 'node:buffer'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { CorruptStream, TooLargeOutput } from './corrupt-stream.js'
import { zstdSizeBound } from './zstd-size.js'

/** The optional dependency, which runtimes with a zstd of their own do not need. */
export const ZSTD_PACKAGE = '@foxglove/wasm-zstd'

/** What Emscripten makes of the package's C functions. Sizes of -1 are failures. */
interface ZstdModule {
  readonly HEAPU8: Uint8Array
  readonly _malloc: (size: number) => number
  readonly _free: (address: number) => void
  readonly _compressBound: (size: number) => number
  readonly _compress: (to: number, room: number, from: number, size: number, level: number) => number
  readonly _decompress: (to: number, room: number, from: number, size: number) => number
}

type Imports = Record<string, Record<string, () => unknown>>

interface ModuleOptions {
  instantiateWasm(imports: Imports, instantiated: (instance: unknown) => void): object
}

const require = createRequire(import.meta.url)
let loaded: ZstdModule | undefined

/** Whether the package is installed. */
export function hasZstdPackage(): boolean {
  try {
    require.resolve(ZSTD_PACKAGE)
    return true
  } catch {
    return false
  }
}

export function wasmZstdCompressed(bytes: Uint8Array, level: number): Buffer {
  const zstd = zstdModule()
  const room = zstd._compressBound(bytes.length)
  const compressed = call(zstd, bytes, room, (to, from) =>
    zstd._compress(to, room, from, bytes.length, level),
  )
  if (compressed === null) throw new Error(`zstd could not compress ${bytes.length} bytes`)
  return compressed
}

/** @throws CorruptStream, TooLargeOutput */
export function wasmZstdDecompressed(bytes: Uint8Array, maxBytes: number): Buffer {
  const bound = zstdSizeBound(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length))
  const zstd = zstdModule()
  const room = Math.min(bound, maxBytes)
  const decompressed = call(zstd, bytes, room, (to, from) => zstd._decompress(to, room, from, bytes.length))
  if (decompressed !== null) return decompressed
  throw bound > maxBytes ? new TooLargeOutput(maxBytes) : new CorruptStream('an invalid Zstandard frame')
}

/** Calls a function of the module with bytes in its memory. Null if it fails. */
function call(
  zstd: ZstdModule,
  bytes: Uint8Array,
  room: number,
  run: (to: number, from: number) => number,
): Buffer | null {
  const from = zstd._malloc(bytes.length)
  const to = zstd._malloc(room)
  try {
    if (from === 0 || to === 0) throw new Error(`zstd has no memory for ${bytes.length + room} bytes`)
    zstd.HEAPU8.set(bytes, from)
    const size = run(to, from)
    // The memory may have grown, and then this is another array than before.
    return size === -1 ? null : Buffer.from(zstd.HEAPU8.subarray(to, to + size))
  } finally {
    zstd._free(from)
    zstd._free(to)
  }
}

/**
 * The module, loaded at the first call. The package's own entry loads it asynchronously, where a reader of
 * batches cannot wait. So this calls the factory behind the entry, with its hook for instances.
 */
function zstdModule(): ZstdModule {
  if (loaded !== undefined) return loaded
  const factory: (options: ModuleOptions) => unknown = require(`${ZSTD_PACKAGE}/dist/wasm-zstd.js`)
  const code = new WebAssembly.Module(readFileSync(require.resolve(`${ZSTD_PACKAGE}/dist/wasm-zstd.wasm`)))
  const options: ModuleOptions & Partial<ZstdModule> = {
    instantiateWasm(imports, instantiated) {
      const instance = new WebAssembly.Instance(code, imports)
      instantiated(instance)
      return instance.exports
    },
  }
  factory(options)
  loaded = options as ModuleOptions & ZstdModule
  return loaded
}
