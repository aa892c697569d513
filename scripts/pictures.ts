import { writeFileSync } from 'node:fs'
import { DEMO_NETS, drawDemoNet } from '../test/support/demo-net.js'

/** Draws the demo nets beside their files. Run it after a change of one; test/nets/pictures.test.ts holds them equal. */
for (const name of DEMO_NETS) writeFileSync(new URL(`../nets/demo/${name}/${name}.svg`, import.meta.url), drawDemoNet(name))
