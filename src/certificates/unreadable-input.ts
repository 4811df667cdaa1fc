/**
 * Text or bytes that are no certificates or keys, or that this package cannot read. The message is the end of
 * a sentence that begins with the name of a setting. It never has a part of the input.
 */
export class UnreadableInput extends Error {
  override readonly name: string = 'UnreadableInput'
  /** Whether another password might help. */
  readonly isPassword: boolean

  constructor(message: string, isPassword = false) {
    super(message)
    this.isPassword = isPassword
  }
}

/** The most bytes of a file or a text with certificates and keys. */
export const MAX_INPUT_BYTES: number = 1024 * 1024

/** @throws UnreadableInput if the input is empty or too large */
export function checkSize({ length }: { readonly length: number }): void {
  if (length === 0) throw new UnreadableInput('is empty')
  if (length > MAX_INPUT_BYTES)
    throw new UnreadableInput(`has ${length} bytes, more than the ${MAX_INPUT_BYTES} of any store`)
}
