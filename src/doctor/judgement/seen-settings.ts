import { ErrorCode, errorCode } from '../../protocol/error-codes.js'
import type { Fix } from '../finding.js'
import { describeConfigsAcl } from './acl.js'

/** A setting of a broker or a topic as DescribeConfigs shows it. */
interface ShownSetting {
  readonly name: string
  readonly value: string | null
}

/** The settings of a broker or a topic, or the reason why they are not known. */
export class SeenSettings {
  readonly #values: ReadonlyMap<string, string>
  readonly #reason: string | null
  readonly #isForbidden: boolean

  private constructor(values: ReadonlyMap<string, string>, reason: string | null, isForbidden: boolean) {
    this.#values = values
    this.#reason = reason
    this.#isForbidden = isForbidden
  }

  /** The settings in an answer. */
  static shown(settings: readonly ShownSetting[]): SeenSettings {
    const given = settings.flatMap(({ name, value }) => (value === null ? [] : [[name, value] as const]))
    return new SeenSettings(new Map(given), null, false)
  }

  /** The broker has refused to show them. */
  static refused(code: number): SeenSettings {
    const isForbidden =
      code === ErrorCode.TOPIC_AUTHORIZATION_FAILED || code === ErrorCode.CLUSTER_AUTHORIZATION_FAILED
    return new SeenSettings(new Map(), `the broker does not show it (${errorCode(code).name})`, isForbidden)
  }

  /** There was no answer. */
  static unanswered(reason: string): SeenSettings {
    return new SeenSettings(new Map(), reason, false)
  }

  get(name: string): string | undefined {
    return this.#values.get(name)
  }

  /** Why a setting is not known, as the message of a finding. */
  whyNot(name: string): string {
    if (this.#isForbidden) return `not checked: the principal may not see ${name}`
    return `not checked: ${name} is not known: ${this.#reason ?? 'the broker does not have it'}`
  }

  /** The right that would help, if it is a right that is missing. */
  remedies(resource: string): readonly Fix[] {
    return this.#isForbidden ? [describeConfigsAcl(resource)] : []
  }
}
