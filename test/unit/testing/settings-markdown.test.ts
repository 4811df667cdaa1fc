import { expect, it } from 'vitest'
import { BROKER_SETTINGS } from '../../../src/testing/broker-settings.js'
import { settingComplaint } from '../../../src/testing/setting.js'
import { TOPIC_SETTINGS } from '../../../src/testing/topic-settings.js'
import { embeddedSettingsMarkdown } from '../../support/embedded-settings-markdown.js'

// `vitest --update` makes the file again.
it('docs/embedded-cluster.md is up to date with the tables', async () => {
  await expect(embeddedSettingsMarkdown()).toMatchFileSnapshot('../../../docs/embedded-cluster.md')
})

it('docs/embedded-cluster.md has a row for every setting', () => {
  const rows = embeddedSettingsMarkdown().split('\n')
  for (const name of [...TOPIC_SETTINGS.keys(), ...BROKER_SETTINGS.keys()]) {
    const named = rows.filter((row) => row.startsWith(`| \`${name}\` |`))
    // Some settings have the same name for topics and brokers.
    expect(named.length, name).toBe(TOPIC_SETTINGS.has(name) && BROKER_SETTINGS.has(name) ? 2 : 1)
  }
})

it.each([...TOPIC_SETTINGS, ...BROKER_SETTINGS].map(([name, setting]) => ({ name, ...setting })))(
  'the default of $name is an allowed value',
  ({ rule, default: value }) => {
    expect(settingComplaint(rule, value)).toBeNull()
  },
)
