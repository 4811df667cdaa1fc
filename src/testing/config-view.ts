import type { DescribedConfig } from '../protocol/describe-configs.js'
import type { ShownSetting } from './cluster-config.js'

const SOURCES = { topic: 1, broker: 4, default: 5 } as const
const TYPES = { boolean: 1, string: 2, int: 3, long: 5, double: 6, list: 7 } as const

/** The protocol's number for the source of a setting. */
export function configSource(source: ShownSetting['source']): number {
  return SOURCES[source]
}

/** A setting as in a DescribeConfigs response. */
export function describedConfig({ name, value, type, source }: ShownSetting): DescribedConfig {
  return {
    name,
    value,
    readOnly: false,
    configSource: configSource(source),
    isSensitive: false,
    synonyms: [],
    configType: TYPES[type],
    documentation: null,
  }
}
