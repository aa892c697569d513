import { writeFileSync } from 'node:fs'
import { toolsPage } from '../tools/tools-page.js'

/** Writes docs/tools.md. Run it after a change of a tool; test/tools/tools-page.test.ts holds them equal. */
writeFileSync(new URL('../docs/tools.md', import.meta.url), toolsPage())
