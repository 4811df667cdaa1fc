import { ZERO_UUID } from '../../protocol/uuid.js'

/** At most this many former ids of one topic name are remembered. */
const REMEMBERED = 16

/**
 * After this many responses in a row that name the same former id, it is taken for the topic's id after all.
 */
const INSISTENT_ANSWERS = 10

/**
 * The ids that topics of one name had, in the order in which this client heard of them. That order may be
 * wrong: a broker that is behind may be the first to name an id. So a former id is believed in the end if
 * every broker goes on naming it.
 */
export class FormerIds {
  readonly #ids = new Set<string>()
  #insistedOn = ZERO_UUID
  #answers = 0

  /**
   * Whether a response that names `id` comes from a broker that is behind. To be called once for each
   * response about the topic.
   */
  isBehind(id: string): boolean {
    if (id === ZERO_UUID) return false
    const isFormer = this.#ids.has(id)
    this.#answers = isFormer && id === this.#insistedOn ? this.#answers + 1 : 1
    this.#insistedOn = id
    if (!isFormer || this.#answers < INSISTENT_ANSWERS) return isFormer
    this.#ids.delete(id)
    return false
  }

  /** `id` is a former id from now on. */
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
