import { Buffer, isUtf8 } from 'node:buffer'
import { type InspectOptions, inspect } from 'node:util'

/**
 * Bytes in JSON: a string if they are UTF-8 text, else their base64 in an object, so that neither is taken
 * for the other.
 */
export function bytesForJson(bytes: Uint8Array | null): string | { readonly base64: string } | null {
  if (bytes === null) return null
  const { buffer, byteOffset, byteLength } = bytes
  const view = Buffer.from(buffer, byteOffset, byteLength)
  return isUtf8(view) ? view.toString() : { base64: view.toString('base64') }
}

/** The key, the value and the headers of a record in JSON. */
export function contentForJson({ key, value, headers }: RecordContent): object {
  return {
    key: bytesForJson(key),
    value: bytesForJson(value),
    headers: headers.map(([name, bytes]) => [name, bytesForJson(bytes)]),
  }
}

interface RecordContent {
  readonly key: Uint8Array | null
  readonly value: Uint8Array | null
  readonly headers: readonly (readonly [name: string, value: Uint8Array | null])[]
}

/**
 * Makes a function that gives plain objects a form for JSON. They stay plain: the method is not enumerable,
 * so comparing, copying and printing them is as without it.
 */
export function jsonForm<Plain extends object>(toJson: (plain: Plain) => object): (plain: Plain) => Plain {
  const descriptor = {
    value(this: Plain): object {
      return toJson(this)
    },
  }
  return (plain) => Object.defineProperty(plain, 'toJSON', descriptor)
}

/**
 * Makes the objects of a class, whose fields are private, show a view of themselves in the console and in
 * JSON.
 */
export function showAs<Instance extends object>(
  prototype: Instance,
  name: string,
  view: (instance: Instance) => object,
): void {
  Object.defineProperties(prototype, {
    [inspect.custom]: {
      /** As any object: cut off where it lies deeper than the caller wants to see. */
      value(this: Instance, depth: number | null, options: InspectOptions): string {
        return depth !== null && depth < 0
          ? `[${name}]`
          : `${name} ${inspect(view(this), { ...options, depth })}`
      },
    },
    toJSON: {
      value(this: Instance): object {
        return view(this)
      },
    },
  })
}
