/** Ends a connection when exactly so many bytes of a frame have been passed on; 0: none, the frame's length: all. */
export interface Cut {
  readonly kind: 'cut'
  readonly afterBytes: number
  /** With a reset instead of an orderly end. */
  readonly reset: boolean
}

export type RequestFault = Cut

export type ResponseFault =
  | Cut
  /** The response is lost. Then nothing more comes from the broker, or the connection ends. */
  | { readonly kind: 'drop'; readonly afterwards: 'silence' | 'end' | 'reset' }
  /** The response, and all behind it, comes later. */
  | { readonly kind: 'delay'; readonly milliseconds: number }

/** Decides what happens to Produce requests and to their responses, whose lengths include the size field. */
export interface ProxyFaults {
  onRequest(length: number): RequestFault | undefined
  onResponse(length: number): ResponseFault | undefined
  /** A response asked the client to send nothing for so long. */
  throttled(milliseconds: number): void
  /** A Produce request came although the client had been asked to wait, and had time to hear of it. */
  throttleIgnored(): void
}
