import { ZERO_UUID } from '../protocol/uuid.js'

/** How many ids of former topics of one name are remembered. */
const REMEMBERED = 16

/** How many answers in a row must name one former id, before it is taken for the topic's after all. */
const INSISTENT_ANSWERS = 10

/**
 * The ids that topics of one name had, in the order in which they were heard of. That order may be wrong: an id that was never heard
 * before can come from a broker that is behind. So a former id that every broker goes on naming is believed in the end.
 */
export class FormerIds {
  readonly #ids = new Set<string>()
  #insistedOn = ZERO_UUID
  #answers = 0

  /** Whether an answer that names `id` comes from a broker that is behind. Each answer about the topic is told once. */
  isBehind(id: string): boolean {
    if (id === ZERO_UUID) return false
    const isFormer = this.#ids.has(id)
    this.#answers = isFormer && id === this.#insistedOn ? this.#answers + 1 : 1
    this.#insistedOn = id
    if (!isFormer || this.#answers < INSISTENT_ANSWERS) return isFormer
    this.#ids.delete(id)
    return false
  }

  /** `id` is another topic's from now on. */
  replaced(id: string): void {
    if (id === ZERO_UUID) return
    this.#ids.add(id)
    if (this.#ids.size <= REMEMBERED) return
    for (const oldest of this.#ids) {
      this.#ids.delete(oldest)
      return
    }
  }
}
