/** What a broker says instead of a bit field of allowed operations when it was not asked for them (KIP-430). */
export const OPERATIONS_NOT_ASKED = -0x80000000
