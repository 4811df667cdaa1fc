import type { Buffer } from 'node:buffer'
import zlib from 'node:zlib'
import { hasZstdPackage, wasmZstdCompressed, wasmZstdDecompressed, ZSTD_PACKAGE } from './zstd-wasm.js'

/** The functions of node:zlib from Node 22.15 and 23.8 on. */
interface ZstdOfNode {
  zstdCompressSync(bytes: Uint8Array, options: ZstdOptions): Buffer
  zstdDecompressSync(bytes: Uint8Array, options: { maxOutputLength: number }): Buffer
}

interface ZstdOptions {
  readonly params: Readonly<Record<number, number>>
  /** The size then stands in the frame, and zstd takes no more memory than it needs for so many bytes. */
  readonly pledgedSrcSize: number
}

/** `ZSTD_c_compressionLevel` */
const LEVEL_PARAMETER = 100

const library: object = zlib
const ofNode = hasZstd(library) ? library : null

function hasZstd(module: object): module is ZstdOfNode {
  return 'zstdCompressSync' in module && 'zstdDecompressSync' in module
}

/** The reason why this process has no zstd; null if it has. */
export function missingZstd(
  isBuiltIn: boolean = ofNode !== null,
  isInstalled: () => boolean = hasZstdPackage,
): string | null {
  if (isBuiltIn || isInstalled()) return null
  return `this runtime has no zstd, as Node has from 22.15 on: install ${ZSTD_PACKAGE}`
}

/** Compresses to a frame of Zstandard, with its size and without a checksum. */
export function zstdCompressed(bytes: Uint8Array, level: number): Buffer {
  if (ofNode === null) return wasmZstdCompressed(bytes, level)
  return ofNode.zstdCompressSync(bytes, {
    params: { [LEVEL_PARAMETER]: level },
    pledgedSrcSize: bytes.length,
  })
}

/** @throws Error for other bytes, and if they decompress to more than `maxBytes` */
export function zstdDecompressed(bytes: Uint8Array, maxBytes: number): Buffer {
  if (ofNode === null) return wasmZstdDecompressed(bytes, maxBytes)
  return ofNode.zstdDecompressSync(bytes, { maxOutputLength: maxBytes })
}
