// node run-ts.mjs FILE.ts ARGS...: runs a TypeScript file as a program of its own, through vite as the tests are.
import { runnerImport } from 'vite'

const [file] = process.argv.splice(2, 1)
await runnerImport(file, { configFile: false, logLevel: 'silent' })
