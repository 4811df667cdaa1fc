/** A fault that a producer must survive, and the kinds that cause it in the simulation. */
export interface FaultRow {
  readonly number: number
  readonly what: string
  /** Names of kinds, each of which causes the fault at least sometimes. */
  readonly kinds: readonly string[]
}

const IN_DOUBT = ['batch in doubt, appended', 'batch in doubt, not appended', 'batch in doubt, then refused']

/** Every fault by its number. The missing numbers are about transactions, authorization, or many topics. */
export const FAULTS: readonly FaultRow[] = [
  { number: 1, what: 'a leader is killed', kinds: ['broker stopped', 'brokers stopped together'] },
  { number: 2, what: 'all brokers are started anew, one after the other', kinds: ['rolling restart'] },
  { number: 3, what: 'leaders change again and again', kinds: ['leaders moved'] },
  {
    number: 4,
    what: 'a connection breaks before, in or behind a request',
    kinds: [
      'request cut',
      'connection cut at a byte',
      'connections reset',
      'connections closed by the broker',
    ],
  },
  { number: 5, what: 'a batch is appended and its answer lost', kinds: ['answer dropped', 'answer cut'] },
  { number: 6, what: 'the answers to all that is in flight are lost', kinds: ['answers lost in a row'] },
  {
    number: 7,
    what: 'a connection is silent and stays open',
    kinds: ['silent network', 'request ignored', 'broker paused'],
  },
  { number: 8, what: 'all brokers but one are paused, again and again', kinds: ['brokers paused together'] },
  {
    number: 9,
    what: 'a broker is slow',
    kinds: ['slow broker', 'request delayed', 'answer delayed'],
  },
  {
    number: 10,
    what: 'bytes arrive in pieces, or many answers at once',
    kinds: ['bytes in small pieces', 'answers in one chunk'],
  },
  { number: 11, what: 'a broker asks for a pause', kinds: ['throttled'] },
  { number: 12, what: 'too few replicas are in sync', kinds: ['too few replicas in sync'] },
  { number: 13, what: 'an error leaves open whether the batch is in the log', kinds: IN_DOUBT },
  { number: 14, what: 'a batch of several is too large', kinds: ['batch too large'] },
  { number: 15, what: 'a single record is too large', kinds: ['record too large'] },
  {
    number: 16,
    what: 'a batch is refused for the sake of some of its records',
    kinds: ['record without key refused'],
  },
  { number: 17, what: 'a batch arrives damaged', kinds: ['batch called damaged'] },
  {
    number: 18,
    what: 'an answer is cut, has an impossible size, or is no answer',
    kinds: ['hostile answer', 'answer cut', 'malformed answer'],
  },
  { number: 19, what: 'an answer has the wrong correlation id', kinds: ['hostile answer'] },
  {
    number: 20,
    what: 'an answer has a partition too few, too many, or twice',
    kinds: [
      'partition missing in an answer',
      'partition too many in an answer',
      'partition twice in an answer',
    ],
  },
  { number: 21, what: 'an error code that nobody knows', kinds: ['error code that nobody knows'] },
  { number: 22, what: 'a broker knows other versions than before', kinds: ['versions limited'] },
  { number: 23, what: 'a topic is deleted', kinds: ['topic deleted for good'] },
  { number: 24, what: 'a topic is deleted and made anew', kinds: ['topic deleted and made anew'] },
  {
    number: 25,
    what: 'metadata leave out a topic that is there, or a partition',
    kinds: ['topic left out of metadata', 'partition left out of metadata', 'metadata refused'],
  },
  { number: 26, what: 'a topic gets more partitions', kinds: ['partitions added'] },
  {
    number: 27,
    what: 'brokers forget the producer',
    kinds: ['producers forgotten', 'records deleted'],
  },
  {
    number: 28,
    what: 'epochs and sequences come to their end',
    kinds: ['sequence went round', 'last epoch in use'],
  },
  { number: 30, what: 'nobody gives out producer ids', kinds: ['producer id refused'] },
  {
    number: 32,
    what: 'no broker can be reached, or they have moved',
    kinds: ['connections refused', 'broker moved to another address'],
  },
  { number: 33, what: 'names are not resolved, or wrongly', kinds: ['names not resolved'] },
  { number: 34, what: 'the wall clock is set', kinds: ['wall clock set'] },
  { number: 35, what: 'the event loop stalls', kinds: ['event loop stalled', 'stalled at a deadline'] },
  {
    number: 40,
    what: 'a login is refused, broken or slow, credentials change, sessions end',
    kinds: [
      'credentials refused',
      'credentials rotated',
      'credentials not given',
      'credentials late',
      'mechanism disabled',
      'login cut off',
      'login slow',
      'session renewed',
      'session not renewed',
      'session renewed too early',
    ],
  },
  {
    number: 41,
    what: 'a TLS handshake is refused, broken or slow, certificates change',
    kinds: [
      'TLS handshake refused',
      'TLS handshake reset',
      'TLS handshake slow',
      'certificate expired',
      'certificate of another authority',
      'client certificate refused',
    ],
  },
  {
    number: 43,
    what: 'a broker means harm',
    kinds: [
      'malformed answer',
      'hostile answer',
      'negative partition in an answer',
      'impossible partition in metadata',
      'brokers without number',
      'versions upside down',
      'endless pause asked for',
    ],
  },
]

/** Kinds that cause no fault of the table. */
export const BEYOND_THE_FAULTS: readonly string[] = ['batch refused', 'compression fails']
