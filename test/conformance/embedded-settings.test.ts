import { expect, it } from 'vitest'
import { BROKER_SETTINGS } from '../../src/testing/broker-settings.js'
import { itemsOf, type SettingRule } from '../../src/testing/setting.js'
import { TOPIC_SETTINGS } from '../../src/testing/topic-settings.js'
import { describeWithKafkaJars } from '../support/kafka/describe-with-jars.js'
import { type JavaSetting, javaSettings } from '../support/kafka/settings/java-settings.js'

/** A setting in Java's notation: type, default and validator. */
function notation({ type, min, max, orElse, words, items }: SettingRule, byDefault: string): string {
  const bounds = [min ?? '...', ...(min === undefined ? [] : ['...']), ...(max === undefined ? [] : [max])]
  const range = min === undefined ? 'null' : `[${bounds}]${orElse === undefined ? '' : ` or ${orElse}`}`
  const replicas = items === undefined ? range : '[partitionId]:[brokerId],[partitionId]:[brokerId],...'
  const validator = words === undefined ? replicas : `[${words.join(', ')}]`
  const value = type === 'list' ? `[${itemsOf(byDefault).join(', ')}]` : byDefault
  return `${type.toUpperCase()} ${value} ${validator}`
}

await describeWithKafkaJars('the settings of the embedded cluster', async () => {
  const java = await javaSettings()
  const ofJava = ({ type, defaultValue, validator }: JavaSetting): string =>
    `${type} ${defaultValue} ${validator}`

  it("are all of Kafka's topic settings, with type, default, range and broker setting", () => {
    const theirs = java.filter(({ of, isInternal }) => of === 'topic' && !isInternal)
    const expected = theirs.map((setting) => [setting.name, ofJava(setting), setting.synonym])
    const ours = [...TOPIC_SETTINGS].map(([name, { rule, default: value, broker }]) => [
      name,
      notation(rule, value),
      String(broker),
    ])
    expect(ours.sort()).toEqual(expected.sort())
  })

  it("are among Kafka's broker settings, with type, default and range", () => {
    const theirs = new Map(java.filter(({ of }) => of === 'broker').map((setting) => [setting.name, setting]))
    for (const [name, { rule, default: value }] of BROKER_SETTINGS) {
      const setting = theirs.get(name)
      expect(setting, name).toBeDefined()
      if (setting === undefined) continue
      expect(setting.type, name).toBe(rule.type.toUpperCase())
      // A setting without a default of its own uses another setting, such as one in hours.
      if (setting.defaultValue !== 'null') expect(notation(rule, value), name).toBe(ofJava(setting))
    }
  })
})
