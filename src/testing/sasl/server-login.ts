/** What the server says to a message of the client. */
export type ServerStep =
  | { readonly kind: 'challenge'; readonly bytes: Uint8Array }
  | {
      readonly kind: 'done'
      readonly bytes: Uint8Array
      readonly username: string
      /** When the credentials expire, in milliseconds since 1970; null if they do not. */
      readonly expiresAtMs: number | null
    }
  /** Null: the broker has one text for all failures of the mechanism. */
  | { readonly kind: 'refused'; readonly reason: string | null }

/** The server's side of one login. */
export interface ServerLogin {
  next(message: Buffer): ServerStep
}

/** A refusal without a reason of its own. */
export const REFUSED: ServerStep = { kind: 'refused', reason: null }
