import { ConfigError } from '../errors.js'
import type { BootstrapServer } from '../network/network-options.js'

const MAX_HOST_LENGTH = 255

/**
 * Parses `bootstrapServers`: a list of `host:port` or `[ipv6]:port`, or one string with commas between them.
 * An empty entry of such a string is skipped; a comma at the end makes one.
 *
 * @throws ConfigError that names the entry
 */
export function parseBootstrapServers(key: string, value: unknown): readonly BootstrapServer[] {
  const servers = entriesOf(key, value).map((entry) => Object.freeze(parseServer(key, entry)))
  if (servers.length === 0) throw new ConfigError(key, `${key} must name at least one broker as host:port`)
  return Object.freeze(servers)
}

function entriesOf(key: string, value: unknown): string[] {
  if (typeof value === 'string') {
    const entries = value.split(',').map((entry) => entry.trim())
    const several = entries.find(isSeveral)
    if (several !== undefined) throw refused(key, several, 'separate brokers with commas')
    return entries.filter((entry) => entry !== '')
  }
  if (Array.isArray(value) && value.every((entry) => typeof entry === 'string')) {
    const entries = value.map((entry) => entry.trim())
    const several = entries.find((entry) => entry.includes(',') || isSeveral(entry))
    if (several === undefined) return entries
    throw refused(key, several, 'each entry of a list is one broker, without commas or other separators')
  }
  throw new ConfigError(key, `${key} must be a string or a list of strings, each host:port or [ipv6]:port`)
}

/** Whether an entry names several brokers with another separator than a comma. */
function isSeveral(entry: string): boolean {
  return /[;|]/.test(entry) || /:\d+\s+\S*:\d+(?:\s|$)/.test(entry)
}

function refused(key: string, entry: string, rule: string): ConfigError {
  return new ConfigError(key, `${key} has the entry ${quoted(entry)}: ${rule}`)
}

function parseServer(key: string, entry: string): BootstrapServer {
  const refusal = (rule: string) => refused(key, entry, rule)
  if (entry === '') throw refusal('an entry must not be empty')
  if (entry.includes('://')) {
    throw refusal('write host:port without a scheme: this version connects to plaintext listeners only')
  }
  if (entry.includes('@')) throw refusal('write host:port without a user')
  const colon = entry.lastIndexOf(':')
  // The last colon of `[::1]` belongs to the address.
  if (colon < 0 || entry.endsWith(']')) throw refusal('the port is missing, write host:port')
  const port = parsePort(entry.slice(colon + 1))
  if (port === null) throw refusal('the port must be a number from 1 to 65535')
  const host = entry.slice(0, colon)
  if (host === '') throw refusal('the host is missing, write host:port')
  if (host.startsWith('[')) {
    const address = host.slice(1, -1)
    if (!host.endsWith(']') || !isIpv6(address)) throw refusal('there is no IPv6 address in the brackets')
    return { host: address, port }
  }
  if (host.includes(':')) throw refusal('write an IPv6 address in brackets, as in [::1]:9092')
  if (host.length > MAX_HOST_LENGTH || !every(host, isHostCharacter)) {
    throw refusal('a host name has only ASCII letters, digits, dots, hyphens and underscores')
  }
  return { host, port }
}

/** Hides the text before an `@`, which may be a password. */
function quoted(entry: string): string {
  const at = entry.lastIndexOf('@')
  const shown = at < 0 ? entry : `[hidden]${entry.slice(at)}`
  return `'${shown.length > 100 ? `${shown.slice(0, 100)}...` : shown}'`
}

function parsePort(text: string): number | null {
  if (text.length === 0 || text.length > 5 || !every(text, isDigit)) return null
  const port = Number(text)
  return port >= 1 && port <= 65535 ? port : null
}

/** A rough check, because the resolver decides in the end. A zone may follow, as in `fe80::1%eth0`. */
function isIpv6(text: string): boolean {
  const percent = text.indexOf('%')
  const address = percent < 0 ? text : text.slice(0, percent)
  const zone = percent < 0 ? null : text.slice(percent + 1)
  if (zone !== null && (zone === '' || !every(zone, isHostCharacter))) return false
  return address.length <= 45 && address.includes(':') && every(address, isIpv6Character)
}

function every(text: string, test: (code: number) => boolean): boolean {
  for (let i = 0; i < text.length; i++) if (!test(text.charCodeAt(i))) return false
  return true
}

function isDigit(code: number): boolean {
  return code >= 0x30 && code <= 0x39
}

function isHostCharacter(code: number): boolean {
  const lower = code | 0x20
  return isDigit(code) || (lower >= 0x61 && lower <= 0x7a) || code === 0x2d || code === 0x2e || code === 0x5f
}

function isIpv6Character(code: number): boolean {
  const lower = code | 0x20
  return isDigit(code) || (lower >= 0x61 && lower <= 0x66) || code === 0x3a || code === 0x2e
}
