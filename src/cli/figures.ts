const wholeNumbers = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 })

/** `1,234,567` */
export function whole(value: number): string {
  return wholeNumbers.format(value)
}

/** `1 record`, `2,000 records` */
export function counted(value: number, noun: string, nouns: string = `${noun}s`): string {
  return `${whole(value)} ${value === 1 ? noun : nouns}`
}

/** `12.3` of megabytes, each a million bytes. */
export function megabytes(bytes: number): string {
  return (bytes / 1e6).toFixed(1)
}
