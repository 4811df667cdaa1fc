import type { LoginClient, MechanismEnvironment } from '../../src/config/sasl-login.js'
import { silentLogger } from '../../src/logger.js'
import { cryptography } from '../simulation/cryptography.js'
import { ManualClock } from './manual-clock.js'
import { noFiles } from './no-files.js'
import { noHttp } from './no-http.js'

/** The settings of a client for its logins. */
export const loginClient: LoginClient = {
  refresh: { windowFactor: 0.8, windowJitter: 0, minPeriodMs: 0, bufferMs: 0 },
  endpoint: {
    connectTimeoutMs: 10_000,
    readTimeoutMs: 10_000,
    retryBackoffMs: 100,
    retryBackoffMaxMs: 10_000,
  },
  logger: silentLogger,
}

/** A world for logins without files and without token endpoints, unless it is given some. */
export function loginEnvironment(given: Partial<MechanismEnvironment> = {}): MechanismEnvironment {
  return {
    ...cryptography,
    clock: new ManualClock(),
    random: () => 0.5,
    files: noFiles,
    postHttp: noHttp,
    ...given,
  }
}
