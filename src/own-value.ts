/**
 * The value of a field of the object's own; undefined if it has none. What stands on a prototype does not
 * count: a library may have put it on that of all objects, and JSON may have any name.
 */
export function ownValue(object: object, name: string): unknown {
  return Object.hasOwn(object, name) ? Reflect.get(object, name) : undefined
}
