/**
 * Scripts share partitions, a few on each, one after the other: a lane. What kind of topic it is in decides
 * what is worth sending.
 */
export type LaneKind =
  | 'plain'
  | 'append time'
  | 'compact'
  | 'small'
  | 'timestamps'
  | 'segments'
  | 'in-sync replicas'

/**
 * Settings are given even where they are Kafka's defaults, if these have changed between versions. Segments
 * are rolled by size only: a second one would be cleaned in a compacted topic.
 */
const COMMON: Readonly<Record<string, string>> = {
  'message.timestamp.after.max.ms': '36000000000000',
  'message.timestamp.before.max.ms': '9223372036854775807',
  'segment.ms': '31536000000000',
}

/** The settings of their topics. */
export const LANE_KINDS: Readonly<Record<LaneKind, Readonly<Record<string, string>>>> = {
  plain: COMMON,
  'append time': { ...COMMON, 'message.timestamp.type': 'LogAppendTime' },
  compact: { ...COMMON, 'cleanup.policy': 'compact' },
  small: { ...COMMON, 'max.message.bytes': '300' },
  /** As small as they may be since Kafka 4.0. */
  segments: { ...COMMON, 'segment.bytes': '1048576', 'max.message.bytes': '3000000' },
  'in-sync replicas': { ...COMMON, 'min.insync.replicas': '2' },
  timestamps: {
    ...COMMON,
    'message.timestamp.after.max.ms': '3600000',
    'message.timestamp.before.max.ms': '3600000',
  },
}

const KINDS: readonly LaneKind[] = [
  ...Array.from({ length: 22 }, () => 'plain' as const),
  ...Array.from({ length: 4 }, () => 'append time' as const),
  ...Array.from({ length: 4 }, () => 'compact' as const),
  ...Array.from({ length: 4 }, () => 'timestamps' as const),
  'small',
  'small',
  'small',
  'segments',
  'in-sync replicas',
]

/** Every few lanes have all kinds, each as often as it is worth. */
export function kindOfLane(lane: number): LaneKind {
  // A step that has no divisor in common with the number of kinds comes to each of them.
  return KINDS[(lane * 16) % KINDS.length] as LaneKind
}
