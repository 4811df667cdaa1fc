// The package ships types for CRC-32 only. Its file for CRC-32C (Castagnoli) has the same functions.
declare module 'crc-32/crc32c.js' {
  const crc32c: { readonly buf: (data: Uint8Array, seed?: number) => number }
  export default crc32c
}
