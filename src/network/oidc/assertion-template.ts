/** Members for the header and the payload of an assertion. */
export interface AssertionTemplate {
  readonly header: ReadonlyMap<string, unknown>
  readonly payload: ReadonlyMap<string, unknown>
}

export const noTemplate: AssertionTemplate = { header: new Map(), payload: new Map() }

/** Reads a template. Null if the text is no JSON object whose `header` and `payload`, if any, are objects. */
export function readAssertionTemplate(text: string): AssertionTemplate | null {
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch {
    return null
  }
  const parts = membersOf(json)
  const part = (name: string) => (parts?.has(name) ? membersOf(parts.get(name)) : new Map())
  const [header, payload] = [part('header'), part('payload')]
  return parts === null || header === null || payload === null ? null : { header, payload }
}

function membersOf(json: unknown): ReadonlyMap<string, unknown> | null {
  if (typeof json !== 'object' || json === null || Array.isArray(json)) return null
  return new Map(Object.entries(json))
}
