import { availableParallelism } from 'node:os'
import { defineConfig, type ViteUserConfig } from 'vitest/config'

const { ODRADEK_KAFKA_BROKERS: nodes } = process.env

const withKafka = {
  testTimeout: 180_000,
  hookTimeout: 180_000,
  // Most of their time is waiting: for a broker to start, to be missed, to come back. So two files run side by
  // side, and no more: brokers miss their own deadlines when many share a processor. With three nodes for each
  // file, one at a time.
  maxWorkers: nodes === '3' ? 1 : 2,
  // After all that need no Kafka.
  sequence: { groupOrder: 1 },
}

const config: ViteUserConfig = defineConfig({
  test: {
    reporters: ['default'],
    // Vitest would leave one free: of two that is half.
    maxWorkers: availableParallelism(),
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
