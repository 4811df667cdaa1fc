/** A measured value and the time of the measurement. */
export interface Point {
  readonly x: number
  readonly y: number
}

/** The slope of the line with the least squared distance to all points. */
export function slope(points: readonly Point[]): number {
  const meanX = mean(points.map(({ x }) => x))
  const meanY = mean(points.map(({ y }) => y))
  let covariance = 0
  let variance = 0
  for (const { x, y } of points) {
    covariance += (x - meanX) * (y - meanY)
    variance += (x - meanX) ** 2
  }
  if (variance === 0) throw new Error(`${points.length} points at one position have no slope`)
  return covariance / variance
}

/** The distance between the lowest and the highest value, as a share of the mean. */
export function spread(values: readonly number[]): number {
  return (Math.max(...values) - Math.min(...values)) / mean(values)
}

/** The middle value in order. Of an even number of values, the upper one of the middle two. */
export function median(values: readonly number[]): number {
  const middle = values.toSorted((a, b) => a - b)[values.length >> 1]
  if (middle === undefined) throw new Error('no values have no median')
  return middle
}

function mean(values: readonly number[]): number {
  if (values.length === 0) throw new Error('no values have no mean')
  return values.reduce((sum, value) => sum + value, 0) / values.length
}
