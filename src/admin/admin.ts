import { checkOptions } from '../config/check-options.js'
import type { AdminConfig } from '../config/given/admin-config.js'
import type { Clock } from '../environment/clock.js'
import type { Environment } from '../environment/environment.js'
import { nodeEnvironment } from '../environment/node-environment.js'
import { KafkaError } from '../errors.js'
import { contained } from '../logger.js'
import { AddressedRequests } from '../network/addressed-requests.js'
import { type ClientView, clientView } from '../network/client-view.js'
import { Cluster } from '../network/cluster.js'
import { noClusterListener } from '../network/cluster-listener.js'
import { showAs } from '../printing.js'
import { brokerError } from '../protocol/broker-error.js'
import { ErrorCode } from '../protocol/error-codes.js'
import { Metadata, type MetadataResponse } from '../protocol/metadata.js'
import { type ResolvedAdminConfig, resolveAdminConfig } from './admin-config.js'
import { createPartitions, createTopics, deleteTopics, prepared } from './change-topics.js'
import { checkTopicNames, checkTopicObjects } from './check-arguments.js'
import { describePartitions, describeTopicConfigs } from './describe-topics.js'
import {
  type ClusterDescription,
  type CreatedTopic,
  idOrNull,
  type ListedTopic,
  type TopicDescription,
} from './descriptions.js'
import { type TopicOutcome, TopicOutcomes } from './topic-outcome.js'
import {
  creatableTopic,
  type NewPartitions,
  type NewTopic,
  newPartitionsFields,
  newTopicFields,
  partitionsToCreate,
} from './topic-requests.js'

export interface AdminCallOptions {
  /**
   * The longest time that the call takes, in milliseconds, retries included. The default is
   * `defaultApiTimeoutMs`.
   */
  readonly timeoutMs?: number | undefined
}

export interface ValidateOptions extends AdminCallOptions {
  /** True: the brokers only check the request and change nothing. The default is false. */
  readonly validateOnly?: boolean | undefined
}

type AdminState = 'open' | 'closed'

/**
 * Creates, deletes and describes topics. The first call connects. Close the admin in the end.
 *
 * A call about topics resolves to one outcome per topic, in the order of the argument. It rejects only if an
 * argument has the wrong shape (ConfigError, InvalidTopicError) or if the admin is closed. Retriable errors
 * are retried until the call's time is over.
 */
export class Admin {
  readonly #config: ResolvedAdminConfig
  readonly #clock: Clock
  readonly #cluster: Cluster
  readonly #requests: AddressedRequests
  #state: AdminState = 'open'

  static {
    showAs(Admin.prototype, 'Admin', (admin) => admin.#view())
  }

  /**
   * Checks the config. Opens no socket. The config of a producer will do: its settings that an admin has no
   * use for are left to the producer.
   *
   * @throws ConfigError that names the key, the value and the rule
   */
  constructor(config: AdminConfig)
  /** @internal For tests and simulations: the admin runs in the given environment. */
  constructor(config: AdminConfig, environment: Environment)
  constructor(config: AdminConfig, environment: Environment = nodeEnvironment) {
    this.#config = resolveAdminConfig(config, environment)
    this.#clock = environment.clock
    const logger = contained(this.#config.network.logger, (error) =>
      this.#clock.soon(() => {
        throw error
      }),
    )
    const network = { ...this.#config.network, logger }
    this.#cluster = new Cluster(network, environment, noClusterListener)
    this.#requests = new AddressedRequests(this.#cluster, network, environment)
  }

  /** Creates topics. */
  async createTopics(
    topics: readonly NewTopic[],
    options: ValidateOptions = {},
  ): Promise<TopicOutcome<CreatedTopic>[]> {
    checkTopicObjects('createTopics', topics, newTopicFields)
    checkOptions('createTopics', options, ['timeoutMs', 'validateOnly'])
    const { validateOnly = false } = options
    const outcomes = new TopicOutcomes<CreatedTopic>('CreateTopics', names(topics))
    const wanted = prepared(topics, creatableTopic, outcomes)
    return this.#untilAnswered(outcomes, options, (deadlineMs) =>
      createTopics(this.#requests, { deadlineMs, validateOnly }, wanted, outcomes),
    )
  }

  /** Deletes topics with all their records. */
  async deleteTopics(topics: readonly string[], options: AdminCallOptions = {}): Promise<TopicOutcome[]> {
    checkTopicNames('deleteTopics', topics)
    checkOptions('deleteTopics', options, ['timeoutMs'])
    const outcomes = new TopicOutcomes<unknown>('DeleteTopics', topics)
    return this.#untilAnswered(outcomes, options, (deadlineMs) =>
      deleteTopics(this.#requests, deadlineMs, outcomes),
    )
  }

  /** Raises the number of partitions of topics. */
  async createPartitions(
    topics: readonly NewPartitions[],
    options: ValidateOptions = {},
  ): Promise<TopicOutcome[]> {
    checkTopicObjects('createPartitions', topics, newPartitionsFields)
    checkOptions('createPartitions', options, ['timeoutMs', 'validateOnly'])
    const { validateOnly = false } = options
    const outcomes = new TopicOutcomes<unknown>('CreatePartitions', names(topics))
    const wanted = prepared(topics, partitionsToCreate, outcomes)
    return this.#untilAnswered(outcomes, options, (deadlineMs) =>
      createPartitions(this.#requests, { deadlineMs, validateOnly }, wanted, outcomes),
    )
  }

  /** Describes topics with their partitions and settings. It never creates a topic. */
  async describeTopics(
    topics: readonly string[],
    options: AdminCallOptions = {},
  ): Promise<TopicOutcome<TopicDescription>[]> {
    checkTopicNames('describeTopics', topics)
    checkOptions('describeTopics', options, ['timeoutMs'])
    const deadlineMs = this.#deadlineMs(options)
    const described = new TopicOutcomes<Omit<TopicDescription, 'configs'>>('Metadata', topics)
    await this.#untilAnswered(described, options, () =>
      describePartitions(this.#requests, deadlineMs, described),
    )
    const found = topics.filter((topic) => described.get(topic)?.status === 'fulfilled')
    const configs = new TopicOutcomes<Pick<TopicDescription, 'configs'>>('DescribeConfigs', found)
    await this.#untilAnswered(configs, options, () =>
      describeTopicConfigs(this.#requests, deadlineMs, configs),
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

  /** Lists all topics that the principal may see, Kafka's internal topics included, sorted by name. */
  async listTopics(options: AdminCallOptions = {}): Promise<ListedTopic[]> {
    checkOptions('listTopics', options, ['timeoutMs'])
    const { topics } = await this.#metadata(null, options)
    return topics
      .flatMap(({ name, topicId, isInternal }) =>
        name === null ? [] : [{ topic: name, topicId: idOrNull(topicId), isInternal }],
      )
      .sort((a, b) => (a.topic < b.topic ? -1 : 1))
  }

  /** Describes the cluster and its brokers, sorted by node id. */
  async describeCluster(options: AdminCallOptions = {}): Promise<ClusterDescription> {
    checkOptions('describeCluster', options, ['timeoutMs'])
    const { clusterId, controllerId, brokers } = await this.#metadata([], options)
    return { clusterId, controllerId, brokers: [...brokers].sort((a, b) => a.nodeId - b.nodeId) }
  }

  /** Closes the connections. Calls in progress fail. A second call changes nothing. */
  close(): Promise<void> {
    this.#state = 'closed'
    this.#requests.close(new KafkaError('the admin is closed', { code: 'ADMIN_CLOSED' }))
    this.#cluster.close()
    return Promise.resolve()
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }

  #view(): ClientView<AdminState> {
    return clientView(this.#config.network, this.#state, this.#cluster.nodes())
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
        if (response.errorCode === ErrorCode.NONE) return response
        throw brokerError(response.errorCode, { api: 'Metadata', broker, attempts })
      },
    })
  }

  #deadlineMs({ timeoutMs = this.#config.defaultApiTimeoutMs }: AdminCallOptions): number {
    return this.#clock.now() + timeoutMs
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

function unexpected(topic: string): KafkaError {
  return new KafkaError(`the brokers gave no settings of topic ${topic}`, { code: 'UNEXPECTED', topic })
}
