import type { Environment } from '../environment/environment.js'
import { nodeEnvironment } from '../environment/node-environment.js'
import { KafkaError } from '../errors.js'
import { checkOptions } from '../producer/check-options.js'
import { brokerError } from '../protocol/broker-error.js'
import { CreatePartitions } from '../protocol/create-partitions.js'
import { CreateTopics, type CreateTopicsResponse } from '../protocol/create-topics.js'
import { DeleteTopics } from '../protocol/delete-topics.js'
import { Metadata, type MetadataResponse } from '../protocol/metadata.js'
import { ZERO_UUID } from '../protocol/uuid.js'
import { type AdminConfig, type ResolvedAdminConfig, resolveAdminConfig } from './admin-config.js'
import { BrokerRequests } from './broker-requests.js'
import { checkTopicNames, checkTopicObjects } from './check-arguments.js'
import { describePartitions, describeTopicConfigs } from './describe-topics.js'
import type { ClusterDescription, CreatedTopic, ListedTopic, TopicDescription } from './descriptions.js'
import { type TopicOutcome, TopicOutcomes } from './topic-outcome.js'
import { creatableTopic, type NewPartitions, type NewTopic, partitionsToCreate } from './topic-requests.js'

export interface AdminCallOptions {
  /** The most time of the call, retries included, in milliseconds; `defaultApiTimeoutMs` unless given. */
  readonly timeoutMs?: number
}

export interface ValidateOptions extends AdminCallOptions {
  /** Only checks whether the brokers would do it. */
  readonly validateOnly?: boolean
}

/**
 * Creates, deletes and describes topics. Connects with the first call and must be closed in the end.
 *
 * A call about topics resolves to one outcome per topic, in the order asked; it rejects only for arguments of
 * the wrong shape (ConfigError, InvalidTopicError) and once the admin is closed. Errors that may
 * pass are retried until the call's time is over.
 */
export class Admin {
  readonly #config: ResolvedAdminConfig
  readonly #requests: BrokerRequests

  /**
   * Checks the config; opens no socket.
   *
   * @param environment the world to run in; only tests and simulations give one
   * @throws ConfigError naming the key, the value and the rule
   */
  constructor(config: AdminConfig, environment: Environment = nodeEnvironment) {
    this.#config = resolveAdminConfig(config)
    this.#requests = new BrokerRequests(this.#config.network, environment)
  }

  async createTopics(
    topics: readonly NewTopic[],
    options: ValidateOptions = {},
  ): Promise<TopicOutcome<CreatedTopic>[]> {
    checkTopicObjects('createTopics', topics)
    checkOptions('createTopics', options)
    const { validateOnly = false } = options
    const outcomes = new TopicOutcomes<CreatedTopic>('CreateTopics', names(topics))
    const wanted = accepted(topics, creatableTopic, outcomes)
    return this.#untilAnswered(outcomes, options, (deadlineMs) =>
      this.#requests.call({
        api: CreateTopics,
        target: 'controller',
        deadlineMs,
        message: (timeoutMs) => ({ topics: pendingOf(wanted, outcomes), timeoutMs, validateOnly }),
        read: (response, attempt) => {
          const answers = byName(response.topics)
          outcomes.take(attempt, (topic) => answers.get(topic), created)
        },
      }),
    )
  }

  /** Deletes topics with all their records. */
  async deleteTopics(topics: readonly string[], options: AdminCallOptions = {}): Promise<TopicOutcome[]> {
    checkTopicNames('deleteTopics', topics)
    checkOptions('deleteTopics', options)
    const outcomes = new TopicOutcomes<unknown>('DeleteTopics', topics)
    return this.#untilAnswered(outcomes, options, (deadlineMs) =>
      this.#requests.call({
        api: DeleteTopics,
        target: 'controller',
        deadlineMs,
        message: (timeoutMs) => {
          const topicNames = [...outcomes.pending]
          return { topicNames, topics: topicNames.map((name) => ({ name, topicId: ZERO_UUID })), timeoutMs }
        },
        read: ({ responses }, attempt) => {
          const answers = new Map(responses.map((answer) => [answer.name, answer]))
          outcomes.take(attempt, (topic) => answers.get(topic), nothing)
        },
      }),
    )
  }

  /** Raises topics' numbers of partitions. */
  async createPartitions(
    topics: readonly NewPartitions[],
    options: ValidateOptions = {},
  ): Promise<TopicOutcome[]> {
    checkTopicObjects('createPartitions', topics)
    checkOptions('createPartitions', options)
    const { validateOnly = false } = options
    const outcomes = new TopicOutcomes<unknown>('CreatePartitions', names(topics))
    const wanted = accepted(topics, partitionsToCreate, outcomes)
    return this.#untilAnswered(outcomes, options, (deadlineMs) =>
      this.#requests.call({
        api: CreatePartitions,
        target: 'controller',
        deadlineMs,
        message: (timeoutMs) => ({ topics: pendingOf(wanted, outcomes), timeoutMs, validateOnly }),
        read: ({ results }, attempt) => {
          const answers = byName(results)
          outcomes.take(attempt, (topic) => answers.get(topic), nothing)
        },
      }),
    )
  }

  /** Topics with their partitions and settings. Never creates one. */
  async describeTopics(
    topics: readonly string[],
    options: AdminCallOptions = {},
  ): Promise<TopicOutcome<TopicDescription>[]> {
    checkTopicNames('describeTopics', topics)
    checkOptions('describeTopics', options)
    const deadlineMs = this.#deadlineMs(options)
    const described = new TopicOutcomes<Omit<TopicDescription, 'configs'>>('Metadata', topics)
    await this.#untilAnswered(described, options, () =>
      describePartitions(this.#requests, topics, deadlineMs, described),
    )
    const found = topics.filter((topic) => described.get(topic)?.status === 'fulfilled')
    const configs = new TopicOutcomes<Pick<TopicDescription, 'configs'>>('DescribeConfigs', found)
    await this.#untilAnswered(configs, options, () =>
      describeTopicConfigs(this.#requests, found, deadlineMs, configs),
    )
    return described.all().map((outcome) => {
      if (outcome.status === 'rejected') return outcome
      const withConfigs = configs.get(outcome.topic)
      if (withConfigs === undefined || withConfigs.status === 'rejected') {
        return withConfigs ?? { status: 'rejected', topic: outcome.topic, error: unexpected(outcome.topic) }
      }
      return { ...outcome, configs: withConfigs.configs }
    })
  }

  /** All topics that may be seen, Kafka's own included, by name. */
  async listTopics(options: AdminCallOptions = {}): Promise<ListedTopic[]> {
    checkOptions('listTopics', options)
    const { topics } = await this.#metadata(null, options)
    return topics
      .flatMap(({ name, topicId, isInternal }) =>
        name === null ? [] : [{ topic: name, topicId: idOrNull(topicId), isInternal }],
      )
      .sort((a, b) => (a.topic < b.topic ? -1 : 1))
  }

  async describeCluster(options: AdminCallOptions = {}): Promise<ClusterDescription> {
    checkOptions('describeCluster', options)
    const { clusterId, controllerId, brokers } = await this.#metadata([], options)
    return { clusterId, controllerId, brokers: [...brokers].sort((a, b) => a.nodeId - b.nodeId) }
  }

  /** Closes the connections; calls under way fail. Idempotent. */
  close(): Promise<void> {
    this.#requests.close()
    return Promise.resolve()
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }

  #metadata(topics: [] | null, options: AdminCallOptions): Promise<MetadataResponse> {
    return this.#requests.call({
      api: Metadata,
      target: 'any',
      deadlineMs: this.#deadlineMs(options),
      message: () => ({
        topics,
        allowAutoTopicCreation: false,
        includeClusterAuthorizedOperations: false,
        includeTopicAuthorizedOperations: false,
      }),
      read: (response, { broker, attempts }) => {
        if (response.errorCode === 0) return response
        throw brokerError(response.errorCode, { api: 'Metadata', broker, attempts })
      },
    })
  }

  #deadlineMs({ timeoutMs = this.#config.defaultApiTimeoutMs }: AdminCallOptions): number {
    return this.#requests.clock.now() + timeoutMs
  }

  async #untilAnswered<Details>(
    outcomes: TopicOutcomes<Details>,
    options: AdminCallOptions,
    ask: (deadlineMs: number) => Promise<void>,
  ): Promise<TopicOutcome<Details>[]> {
    this.#requests.checkOpen()
    try {
      if (outcomes.pending.size > 0) await ask(this.#deadlineMs(options))
    } catch (error) {
      this.#requests.checkOpen()
      if (!(error instanceof KafkaError)) throw error
      outcomes.rejectPending(error)
    }
    return outcomes.all()
  }
}

function names(topics: readonly { readonly topic: string }[]): string[] {
  return topics.map(({ topic }) => topic)
}

/** What can be asked for; the rest has its error already. */
function accepted<Given extends { readonly topic: string }, Wanted, Details>(
  topics: readonly Given[],
  prepare: (given: Given) => Wanted,
  outcomes: TopicOutcomes<Details>,
): Map<string, Wanted> {
  const wanted = new Map<string, Wanted>()
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

function namedTwice(topic: string): KafkaError {
  return new KafkaError(`topic ${topic} is named twice in one call`, { code: 'INVALID_REQUEST', topic })
}

function pendingOf<Wanted>(wanted: ReadonlyMap<string, Wanted>, outcomes: TopicOutcomes<unknown>): Wanted[] {
  const { pending } = outcomes
  return [...wanted].flatMap(([topic, one]) => (pending.has(topic) ? [one] : []))
}

function byName<Answer extends { readonly name: string }>(answers: readonly Answer[]): Map<string, Answer> {
  return new Map(answers.map((answer) => [answer.name, answer]))
}

function created({
  topicId,
  numPartitions,
  replicationFactor,
}: CreateTopicsResponse['topics'][number]): CreatedTopic {
  return { topicId: idOrNull(topicId), numPartitions, replicationFactor }
}

function idOrNull(topicId: string): string | null {
  return topicId === ZERO_UUID ? null : topicId
}

function nothing(): unknown {
  return {}
}

function unexpected(topic: string): KafkaError {
  return new KafkaError(`the settings of topic ${topic} were not told`, { code: 'UNEXPECTED', topic })
}
