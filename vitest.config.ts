import { defineConfig } from 'vitest/config'

const shared = { testTimeout: 60_000, hookTimeout: 60_000, environment: 'node' } as const
/** The pure floors, the house and the scripts need no database, so a run of theirs alone starts none. */
const PURE = ['test/petri/**/*.test.ts', 'test/protocol/**/*.test.ts', 'test/floors.test.ts', 'test/house/**/*.test.ts', 'test/scripts/**/*.test.ts']

export default defineConfig({
  test: {
    maxWorkers: 2,
    projects: [
      { test: { ...shared, name: 'pure', include: PURE } },
      { test: { ...shared, name: 'real', include: ['test/**/*.test.ts'], exclude: [...PURE, 'test/servers/**'], globalSetup: ['test/support/postgres.ts'] } },
    ],
  },
})
