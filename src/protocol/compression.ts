/** Attribute bits 0 to 2 of a batch, by the name that `compression.type` gives the codec. */
export const COMPRESSION_CODECS = { none: 0, gzip: 1, snappy: 2, lz4: 3, zstd: 4 } as const
