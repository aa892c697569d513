#!/usr/bin/env node
// The command line, from a clone: builds first when something changed, and says so only then.
import { prepare, root } from './prepare.mjs'

prepare()
await import(`${root}/dist/cli/main.js`)
