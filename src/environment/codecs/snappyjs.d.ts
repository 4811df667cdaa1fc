// snappyjs ships no types. This is the class behind its `compress`, which allocates for each call.
declare module 'snappyjs/snappy_compressor.js' {
  class SnappyCompressor {
    constructor(source: Uint8Array)
    maxCompressedLength(): number
    /** Returns the size of the block in `target`. */
    compressToBuffer(target: Uint8Array): number
  }
  const snappy: { readonly SnappyCompressor: typeof SnappyCompressor }
  export default snappy
}
