import { KafkaError } from '../errors.js'
import type { AddressedRequests, Attempt } from '../network/addressed-requests.js'
import { CreatePartitions, type CreatePartitionsTopic } from '../protocol/create-partitions.js'
import { type CreatableTopic, CreateTopics, type CreateTopicsResponse } from '../protocol/create-topics.js'
import { DeleteTopics } from '../protocol/delete-topics.js'
import { ZERO_UUID } from '../protocol/uuid.js'
import { type CreatedTopic, idOrNull } from './descriptions.js'
import type { TopicAnswer, TopicOutcomes } from './topic-outcome.js'

/** The parts of a request about topics, by topic. */
export type Wanted<Request> = ReadonlyMap<string, Request>

export interface ChangeOptions {
  /** On the environment's clock.now(). */
  readonly deadlineMs: number
  readonly validateOnly: boolean
}

/** The valid topics of a call, as the request has them. An invalid topic gets its error as its outcome. */
export function prepared<Given extends { readonly topic: string }, Request, Details>(
  topics: readonly Given[],
  prepare: (given: Given) => Request,
  outcomes: TopicOutcomes<Details>,
): Wanted<Request> {
  const wanted = new Map<string, Request>()
  for (const given of topics) {
    try {
      if (wanted.has(given.topic)) throw namedTwice(given.topic)
      wanted.set(given.topic, prepare(given))
    } catch (error) {
      if (!(error instanceof KafkaError)) throw error
      wanted.delete(given.topic)
      outcomes.reject(given.topic, error)
    }
  }
  return wanted
}

export async function createTopics(
  requests: AddressedRequests,
  { deadlineMs, validateOnly }: ChangeOptions,
  wanted: Wanted<CreatableTopic>,
  outcomes: TopicOutcomes<CreatedTopic>,
): Promise<void> {
  await requests.call({
    api: CreateTopics,
    target: 'controller',
    deadlineMs,
    message: (timeoutMs) => ({ topics: pendingOf(wanted, outcomes), timeoutMs, validateOnly }),
    read: ({ topics }, attempt) => takeByName(outcomes, attempt, topics, created),
  })
}

export async function deleteTopics(
  requests: AddressedRequests,
  deadlineMs: number,
  outcomes: TopicOutcomes<unknown>,
): Promise<void> {
  await requests.call({
    api: DeleteTopics,
    target: 'controller',
    deadlineMs,
    message: (timeoutMs) => {
      const topicNames = [...outcomes.pending]
      return { topicNames, topics: topicNames.map((name) => ({ name, topicId: ZERO_UUID })), timeoutMs }
    },
    read: ({ responses }, attempt) => takeByName(outcomes, attempt, responses, nothing),
  })
}

export async function createPartitions(
  requests: AddressedRequests,
  { deadlineMs, validateOnly }: ChangeOptions,
  wanted: Wanted<CreatePartitionsTopic>,
  outcomes: TopicOutcomes<unknown>,
): Promise<void> {
  await requests.call({
    api: CreatePartitions,
    target: 'controller',
    deadlineMs,
    message: (timeoutMs) => ({ topics: pendingOf(wanted, outcomes), timeoutMs, validateOnly }),
    read: ({ results }, attempt) => takeByName(outcomes, attempt, results, nothing),
  })
}

function namedTwice(topic: string): KafkaError {
  return new KafkaError(`topic ${topic} is named twice in one call`, { code: 'INVALID_REQUEST', topic })
}

function pendingOf<Request>(wanted: Wanted<Request>, outcomes: TopicOutcomes<unknown>): Request[] {
  const { pending } = outcomes
  return [...wanted].flatMap(([topic, one]) => (pending.has(topic) ? [one] : []))
}

/** Takes in a response whose answers have the names of their topics. */
function takeByName<Answer extends TopicAnswer & { readonly name: string | null }, Details>(
  outcomes: TopicOutcomes<Details>,
  attempt: Attempt,
  answers: readonly Answer[],
  details: (answer: Answer) => Details,
): void {
  const byName = new Map(answers.map((answer) => [answer.name, answer]))
  outcomes.take(attempt, (topic) => byName.get(topic), details)
}

function created({
  topicId,
  numPartitions,
  replicationFactor,
}: CreateTopicsResponse['topics'][number]): CreatedTopic {
  return { topicId: idOrNull(topicId), numPartitions, replicationFactor }
}

function nothing(): unknown {
  return {}
}
