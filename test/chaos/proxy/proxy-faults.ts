/**
 * Ends a connection when exactly `afterBytes` of a frame have been passed on, from 0 to the frame's length.
 */
export interface Cut {
  readonly kind: 'cut'
  readonly afterBytes: number
  /** Whether the connection ends with a reset instead of in order. */
  readonly reset: boolean
}

export type RequestFault = Cut

export type ResponseFault =
  | Cut
  /** The response is lost. Then nothing more comes from the broker, or the connection ends. */
  | { readonly kind: 'drop'; readonly afterwards: 'silence' | 'end' | 'reset' }
  /** The response and all bytes behind it come later. */
  | { readonly kind: 'delay'; readonly milliseconds: number }

/** Decides what happens to Produce requests and their responses. Lengths include the size field. */
export interface ProxyFaults {
  onRequest(length: number): RequestFault | undefined
  onResponse(length: number): ResponseFault | undefined
  /** Called when a response asked the client to send nothing for this time. */
  throttled(milliseconds: number): void
  /** Called when a Produce request came during a throttle that the client has had time to read of. */
  throttleIgnored(): void
}
