import { testSeeds } from './slice.js'

testSeeds(1_001, 2_000)
