import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['src/**/*.test.ts', 'test/**/*.test.ts'],
    pool: 'threads',
    isolate: false,
    // Tests of the command line wait for the processes they start, so no core is kept back for the runner.
    maxWorkers: '100%',
    testTimeout: 60_000,
    reporters: ['./scripts/closingLineReporter.mjs'],
    coverage: { include: ['src/**/*.ts'], exclude: ['src/**/*.test.ts'] },
  },
})
