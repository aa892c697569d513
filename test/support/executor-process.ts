// An executor as a process of its own, as `agenticos executor` starts it.
import { main } from '../../executor/main.js'

process.exitCode = await main(process.env, process.argv.slice(2))
