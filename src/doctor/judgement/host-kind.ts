/** What a host name or an address tells about the place from which it can be reached. */
export type HostKind =
  | 'this-machine'
  | 'every-address'
  | 'private'
  | 'kubernetes'
  | 'docker-host'
  | 'cloud'
  | 'container-id'
  | 'short'
  | 'public'

const patterns: readonly (readonly [HostKind, RegExp])[] = [
  ['this-machine', /^(?:localhost|.*\.localhost|127(?:\.\d{1,3}){3}|::1|localhost\.localdomain)$/],
  ['every-address', /^(?:0\.0\.0\.0|::)$/],
  ['private', /^(?:10\.|192\.168\.|172\.(?:1[6-9]|2\d|3[01])\.|169\.254\.)[\d.]+$/],
  ['private', /^(?:f[cd][0-9a-f]{2}|fe80):/],
  ['public', /^\d{1,3}(?:\.\d{1,3}){3}$|:/],
  ['kubernetes', /\.svc(?:\.|$)|\.cluster\.local$/],
  ['docker-host', /\.docker\.internal$/],
  ['cloud', /\.internal$/],
  ['container-id', /^[0-9a-f]{12}$/],
  ['short', /^[^.]+$/],
]

/** The kind of a host, by its looks alone. */
export function hostKind(host: string): HostKind {
  const plain = host.toLowerCase().replace(/\.$/, '')
  return patterns.find(([, pattern]) => pattern.test(plain))?.[0] ?? 'public'
}

/** A sentence for people about hosts of a kind; null if there is nothing to say. */
export const hostKindInWords: Readonly<Record<HostKind, ((host: string) => string) | null>> = {
  'this-machine': (host) =>
    `${host} is the name of every machine for itself: a client on another machine looks for the broker on its own.`,
  'every-address': (host) =>
    `${host} means "every address of this machine". A broker can listen there, and no client can connect there.`,
  private: (host) => `${host} is a private address, which only machines of its own network can reach.`,
  kubernetes: (host) => `${host} is a name of a Kubernetes cluster, which only its own pods know.`,
  'docker-host': (host) =>
    `${host} is the name that Docker Desktop gives to its host. Only containers know it.`,
  cloud: (host) => `${host} is a name inside of a cloud's network, which only machines of that network know.`,
  'container-id': (host) => `${host} is the id of a container, which only containers of its network know.`,
  short: (host) =>
    `${host} has no domain: it looks like the name of a container or of a machine, which only its own network knows.`,
  public: null,
}
