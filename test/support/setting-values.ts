import type { SettingRule } from '../../src/testing/setting.js'

const WORDS = ['', ' ', 'x', 'true', 'FALSE', ' True ', 'yes', '*', '**', 'null', 'producer', 'gzip']
const NUMBERS = [
  '0',
  '-0',
  '1',
  '+7',
  ' 8 ',
  '-1',
  '-2',
  '-3',
  '1.5',
  '.5',
  '1e2',
  '0x10',

  '1_000',
  '5ms',
]
const LISTS = [
  'delete',
  'compact',
  'compact,delete',
  'delete , compact',
  'delete,delete',
  'delete,',
  ',',
  'DELETE',
]
const REPLICAS = ['0:1', '0:1,1:2', '0:1, 1:2', '0', '0:', ':1', 'a:b', '0:1,*', '*,', '0:1:2']
const LARGE = [2n ** 31n, 2n ** 63n, 10n ** 20n].flatMap((value) => [
  String(value - 1n),
  String(value),
  String(-value),
  String(-value - 1n),
])

/** Valid and invalid values for a setting, including the bounds. */
export function settingValues({ min, max, orElse, words = [] }: SettingRule): string[] {
  const bounds = [min, max, orElse].flatMap((bound) =>
    bound === undefined ? [] : [bound - 1, bound, bound + 1].map(String),
  )
  return [...new Set([...bounds, ...words, ...WORDS, ...NUMBERS, ...LISTS, ...REPLICAS, ...LARGE])]
}
