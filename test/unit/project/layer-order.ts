/**
 * What each layer of src may import besides itself, the lowest layer first. A layer that is missing here
 * fails a test.
 */
export const mayImport: Readonly<Record<string, readonly string[]>> = {
  foundation: [],
  environment: ['foundation'],
  certificates: ['foundation'],
  protocol: ['foundation'],
  network: ['foundation', 'environment', 'protocol'],
  config: ['foundation', 'environment', 'certificates', 'protocol', 'network'],
  producer: ['foundation', 'environment', 'protocol', 'network', 'config'],
  admin: ['foundation', 'environment', 'protocol', 'network', 'config'],
  doctor: ['foundation', 'environment', 'protocol', 'network', 'config'],
  testing: ['foundation', 'environment', 'protocol'],
  cli: [
    'foundation',
    'environment',
    'protocol',
    'network',
    'config',
    'producer',
    'admin',
    'doctor',
    'testing',
    'index',
  ],
  index: ['foundation', 'environment', 'protocol', 'network', 'config', 'producer', 'admin'],
}

/**
 * The rooms of a layer, the lowest first: a room imports itself and those before it. A name with an extension
 * is a file beside the folders, any other a folder.
 */
export const rooms: Readonly<Record<string, readonly string[]>> = {
  network: [
    'address.ts',
    'backoff.ts',
    'stalls.ts',
    'sasl',
    'oidc',
    'network-options.ts',
    'throttle.ts',
    'waiters.ts',
    'connection',
    'connect',
    'broker',
    'metadata',
    'cluster-listener.ts',
    'cluster-waiters.ts',
    'cluster.ts',
    'addressed-requests.ts',
    'client-view.ts',
  ],
  doctor: ['checks.ts', 'finding.ts', 'report.ts', 'walk', 'judgement', 'examination'],
  producer: [
    'record.ts',
    'producer-options.ts',
    'producer-events.ts',
    'producer-emitter.ts',
    'producer-cluster.ts',
    'partitioner',
    'idempotence',
    'accumulator',
    'settlement',
    'sender',
    'intake',
    'interceptors',
    'abortable-sends.ts',
    'unheard-failures.ts',
    'producer-core.ts',
    'producer-view.ts',
    'closing.ts',
    'refusals.ts',
    'producer.ts',
  ],
}
