import { defineConfig } from 'vitest/config'

/** Tests against real servers that take long to build: npm run test:servers. They need ../shared/servers beside this folder. */
export default defineConfig({
  test: { name: 'servers', include: ['test/servers/**/*.test.ts'], environment: 'node', maxWorkers: 1, testTimeout: 600_000, hookTimeout: 900_000 },
})
