import { DescribeConfigs } from '../../protocol/describe-configs.js'
import { ErrorCode } from '../../protocol/error-codes.js'
import { SeenSettings } from '../judgement/seen-settings.js'
import { ask, type OpenRoute } from '../walk/ask.js'
import type { WalkContext } from '../walk/walk-context.js'

/** The settings to ask for. */
export interface SettingsQuestion {
  readonly resourceType: number
  /** The first of these that the broker describes is the answer. */
  readonly resourceNames: readonly string[]
  readonly settings: readonly string[]
}

/** Asks for settings. Never rejects. */
export async function describedSettings(
  context: WalkContext,
  entry: OpenRoute,
  { resourceType, resourceNames, settings }: SettingsQuestion,
): Promise<SeenSettings> {
  try {
    const { results } = await ask(context, entry, DescribeConfigs, {
      resources: resourceNames.map((resourceName) => ({
        resourceType,
        resourceName,
        configurationKeys: settings,
      })),
      includeSynonyms: false,
      includeDocumentation: false,
    })
    const described = results.find(({ errorCode }) => errorCode === ErrorCode.NONE)
    if (described !== undefined) return SeenSettings.shown(described.configs)
    return SeenSettings.refused(results[0]?.errorCode ?? ErrorCode.UNKNOWN_SERVER_ERROR)
  } catch (error) {
    return SeenSettings.unanswered(error instanceof Error ? error.message : String(error))
  }
}
