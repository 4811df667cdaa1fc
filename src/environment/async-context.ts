import { AsyncLocalStorage, AsyncResource, executionAsyncResource } from 'node:async_hooks'
import { onFirstUse } from './first-use.js'

/** The async context of a call: the stores that AsyncLocalStorage finds in it. */
export interface AsyncContext {
  /** Calls `run` in this context. */
  runInAsyncScope<Arguments extends unknown[]>(
    run: (...args: Arguments) => void,
    thisArg: undefined,
    ...args: Arguments
  ): void
}

const TYPE = 'odradek'

/**
 * So many captures look for a store themselves. A program may have entered its stores before it loaded this
 * module, and have loaded it outside of them.
 */
const LOOKED_FOR = 1_000

let isInUse = isStoreCurrent() || !onFirstUse(AsyncLocalStorage.prototype, noteUse)
let looksLeft = LOOKED_FOR

/** A context without any store. */
const outside = withoutStores(new AsyncResource(TYPE))

/**
 * The async context of the caller. Null, at no cost, as long as no AsyncLocalStorage has been used in this
 * process.
 */
export function captureContext(): AsyncContext | null {
  if (!isInUse && looksLeft > 0) {
    looksLeft--
    isInUse = isStoreCurrent()
  }
  // Without `requireManualDestroy`: Node then tells async hooks that the resource is gone, if there are any.
  return isInUse ? new AsyncResource(TYPE) : null
}

/**
 * Calls `run` outside of any caller's context and returns its result. Otherwise a socket or a timer that one
 * caller happened to create would run everybody's callbacks in that caller's context, and keep its store
 * alive.
 */
export function outsideContexts<Result>(run: () => Result): Result {
  return isInUse ? outside.runInAsyncScope(run) : run()
}

function noteUse(): void {
  isInUse = true
}

/** Whether a store is current. */
function isStoreCurrent(): boolean {
  // Up to Node 22 stores are properties of the running resource. From 24 on a new resource has a frame of
  // them.
  const resource = executionAsyncResource()
  return storesOf(resource).length > 0 || storesOf(new AsyncResource(TYPE)).length > 0
}

/** A program may load this module in the midst of a request. Its store must not stay in this context. */
function withoutStores(resource: AsyncResource): AsyncResource {
  for (const symbol of storesOf(resource)) Reflect.set(resource, symbol, undefined)
  return resource
}

/** The properties of the resource in which Node keeps stores. */
function storesOf(resource: object): symbol[] {
  return Object.getOwnPropertySymbols(resource).filter(
    (symbol) =>
      (symbol.description === 'kResourceStore' || symbol.description === 'context_frame') &&
      Reflect.get(resource, symbol) !== undefined,
  )
}
