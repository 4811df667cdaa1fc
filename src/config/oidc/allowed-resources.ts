import { ConfigError } from '../../errors.js'
import { ConfigProblems } from '../config-problems.js'
import { ONLY_CODE } from '../foreign-keys.js'
import { quoted, shortened } from '../words.js'
import type { NamedResource } from './oidc-source.js'

/** The lists that only code can give. */
export interface AllowedLists {
  readonly allowedTokenUrls: readonly string[]
  readonly allowedTokenFiles: readonly string[]
}

/**
 * Refuses every URL and file that is not in its list, letter by letter. So a file of settings can make the
 * client neither ask a server nor read a file.
 *
 * @throws ConfigError that says how to allow them
 */
export function checkAllowed(resources: readonly NamedResource[], lists: AllowedLists): void {
  const problems = new ConfigProblems('the config')
  for (const { kind, key, name } of resources) {
    const [list, flag] =
      kind === 'url'
        ? (['allowedTokenUrls', '--allow-token-url'] as const)
        : (['allowedTokenFiles', '--allow-token-file'] as const)
    if (lists[list].includes(name)) continue
    const use = kind === 'url' ? 'is not asked' : 'is not read'
    const shown = quoted(kind === 'url' ? withoutQuery(name) : name)
    problems.add(
      new ConfigError(
        key,
        `${key} names ${shown}, which ${use} unless code allows it: pass ${list}: [${shown}] to the constructor, or ${flag} ${shown} on the command line`,
      ),
    )
  }
  problems.throwIfAny()
}

/** Some servers have a key in the query of their URLs. */
function withoutQuery(url: string): string {
  const end = url.search(/[?#]/)
  return end === -1 ? url : `${url.slice(0, end + 1)}...`
}

/**
 * Refuses a property that has the name of one of the lists, however it is spelled.
 *
 * @throws ConfigError that says who can give the lists
 */
export function refuseListOf(name: string): void {
  const letters = name.toLowerCase().replace(/[^a-z]/g, '')
  if (letters !== 'allowedtokenurls' && letters !== 'allowedtokenfiles') return
  throw new ConfigError(name, `${shortened(name)} cannot be a property: ${ONLY_CODE}`)
}
