/** The type of a key or a value without a serializer. A string is sent as UTF-8, null as Kafka's null. */
export type Bytes = string | Uint8Array | null

/** Turns a key or a value into bytes or a promise of bytes. Null is sent as Kafka's null. */
export type Serializer<T> = (
  value: T,
  context: { readonly topic: string },
) => Uint8Array | null | Promise<Uint8Array | null>
