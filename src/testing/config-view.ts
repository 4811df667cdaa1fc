import type { DescribedConfig } from '../protocol/describe-configs.js'
import type { ShownSetting } from './cluster-config.js'

const SOURCES = { topic: 1, broker: 4, default: 5 } as const
const TYPES = { boolean: 1, text: 2, integer: 5 } as const

/** The protocol's number for where a setting comes from. */
export function configSource(source: ShownSetting['source']): number {
  return SOURCES[source]
}

/** A setting as DescribeConfigs tells it. */
export function describedConfig({ name, value, kind, source }: ShownSetting): DescribedConfig {
  return {
    name,
    value,
    readOnly: false,
    configSource: configSource(source),
    isSensitive: false,
    synonyms: [],
    configType: TYPES[kind],
    documentation: null,
  }
}
