import type { PostHttp } from '../../src/environment/http.js'

/** A world without token endpoints. */
export const noHttp: PostHttp = ({ url }) => Promise.reject(new Error(`nothing answers at ${url} here`))
