// npm start: the controller with the demo nets and an executor, in ./.agenticos
import { prepare, root } from './prepare.mjs'
import { run } from './run.mjs'

prepare()
run(`${root}/dist/controller/main.js`, process.argv.length > 2 ? process.argv.slice(2) : ['--demo'], { tied: true })
