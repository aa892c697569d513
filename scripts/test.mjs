// npm test: everything. Words after `--` are passed to vitest (npm test -- test/petri).
import { prepare, root } from './prepare.mjs'
import { run } from './run.mjs'

prepare()
run(`${root}/node_modules/vitest/vitest.mjs`, ['run', ...process.argv.slice(2)])
