// npm run eval -- --model NAME: builds what is missing and lets a model do the tasks of evals/.
import { prepare, root } from './prepare.mjs'
import { run } from './run.mjs'

prepare()
run(`${root}/dist/evals/main.js`, process.argv.slice(2), { cwd: process.env.INIT_CWD ?? process.cwd() })
