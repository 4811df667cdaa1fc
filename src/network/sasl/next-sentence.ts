/** An explanation as the next sentence of an error's message; empty if there is none. */
export function nextSentence(explanation: string): string {
  return explanation === '' ? '' : `. ${explanation.charAt(0).toUpperCase()}${explanation.slice(1)}`
}
