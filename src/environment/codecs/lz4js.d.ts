// lz4js ships no types. These are the functions in use.
declare module 'lz4js/lz4.js' {
  const lz4: {
    /**
     * Returns the size of the block in `target`; 0 if nothing was compressed. `table` has 65,536 zeros at
     * first, and is dirty afterwards. The room in `target` is not checked.
     */
    readonly compressBlock: (
      source: Uint8Array,
      target: Uint8Array,
      at: number,
      length: number,
      table: Uint32Array,
    ) => number
  }
  export default lz4
}

declare module 'lz4js/xxh32.js' {
  const xxh32: { readonly hash: (seed: number, source: Uint8Array, at: number, length: number) => number }
  export default xxh32
}
