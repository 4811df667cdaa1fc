type Method = (this: unknown, ...args: unknown[]) => unknown

/** The methods of AsyncLocalStorage that make a store current. */
const ENTRANCES = ['run', 'enterWith'] as const

/**
 * Calls `used` once, before the first store of any AsyncLocalStorage becomes current. Both methods are
 * observed until their first call, and are Node's own again from then on. Node offers no cheaper way: asking
 * it costs 20 ns a record or more, also in programs that have no store.
 *
 * @param prototype the prototype of AsyncLocalStorage
 * @returns false if the methods cannot be observed, for example because a program has frozen them; nothing
 * has changed then
 */
export function onFirstUse(prototype: object, used: () => void): boolean {
  const originals = ENTRANCES.map((name) => Object.getOwnPropertyDescriptor(prototype, name))
  let wasUsed = false
  const observe = (): void => {
    if (wasUsed) return
    wasUsed = true
    ENTRANCES.forEach((name, i) => {
      const original = originals[i]
      // A program may have wrapped our method in its own, which still calls ours. Leave that one in place.
      const isOurs = Reflect.get(prototype, name) === observers[i]
      if (isOurs && original !== undefined) Object.defineProperty(prototype, name, original)
    })
    used()
  }
  const observers = originals.map((original) => observed(original?.value, observe))
  if (originals.some((original) => typeof original?.value !== 'function' || original.configurable !== true))
    return false
  ENTRANCES.forEach((name, i) => {
    Object.defineProperty(prototype, name, { ...originals[i], value: observers[i] })
  })
  return true
}

/** `method`, preceded by a call of `observe`. */
function observed(method: Method | undefined, observe: () => void): Method {
  return function (this: unknown, ...args: unknown[]): unknown {
    observe()
    return method === undefined ? undefined : Reflect.apply(method, this, args)
  }
}
