import { testSeeds } from './slice.js'

testSeeds(1, 1_000)
