/** A measured value and when it was measured. */
export interface Point {
  readonly x: number
  readonly y: number
}

/** By how much y grows per unit of x: the slope of the line with the least squared distance to all points. */
export function slope(points: readonly Point[]): number {
  const meanX = mean(points.map(({ x }) => x))
  const meanY = mean(points.map(({ y }) => y))
  let covariance = 0
  let variance = 0
  for (const { x, y } of points) {
    covariance += (x - meanX) * (y - meanY)
    variance += (x - meanX) ** 2
  }
  if (variance === 0) throw new Error(`${points.length} points at one place have no slope`)
  return covariance / variance
}

/** How far apart the values are, as a share of their mean. */
export function spread(values: readonly number[]): number {
  return (Math.max(...values) - Math.min(...values)) / mean(values)
}

/** The middle one in order; of an even number the upper of the two. */
export function median(values: readonly number[]): number {
  const middle = values.toSorted((a, b) => a - b)[values.length >> 1]
  if (middle === undefined) throw new Error('no values have no median')
  return middle
}

function mean(values: readonly number[]): number {
  if (values.length === 0) throw new Error('no values have no mean')
  return values.reduce((sum, value) => sum + value, 0) / values.length
}
