import { defineConfig, type ViteUserConfig } from 'vitest/config'

const withKafka = {
  testTimeout: 180_000,
  hookTimeout: 180_000,
  // Two brokers under load at once would starve each other on two cores.
  fileParallelism: false,
}

const config: ViteUserConfig = defineConfig({
  test: {
    reporters: ['default'],
    projects: [
      {
        test: {
          name: 'unit',
          include: ['test/unit/**/*.test.ts', 'test/behaviour/**/*.test.ts'],
          testTimeout: 20_000,
          // Nothing here replaces a module, so one process may run many files: starting one for each took two thirds of the time.
          isolate: false,
          // Hundreds of producers live for a moment each. A larger young generation is collected less often.
          execArgv: ['--max-semi-space-size=64'],
        },
      },
      { test: { name: 'conformance', include: ['test/conformance/**/*.test.ts'], testTimeout: 300_000 } },
      { test: { name: 'embedded', include: ['test/embedded/**/*.test.ts'], testTimeout: 60_000 } },
      {
        test: {
          ...withKafka,
          name: 'broker',
          include: ['test/broker/*.test.ts'],
          globalSetup: ['test/broker/global-setup.ts'],
        },
      },
      // Each has a Kafka of its own, with TLS, logins or rights.
      { test: { ...withKafka, name: 'secured', include: ['test/broker/secured/*.test.ts'] } },
      {
        test: {
          name: 'package',
          include: ['test/package/**/*.test.ts'],
          testTimeout: 180_000,
          hookTimeout: 180_000,
        },
      },
      {
        test: {
          name: 'types',
          include: [],
          typecheck: {
            enabled: true,
            only: true,
            include: ['test/types/**/*.test-d.ts'],
            tsconfig: './tsconfig.json',
          },
        },
      },
    ],
  },
})

export default config
