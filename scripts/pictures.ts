import { writeFileSync } from 'node:fs'
import { drawDemoNet, OWN_NETS } from '../test/support/demo-net.js'

/** Draws the nets of nets/ beside their files. Run it after a change of one; test/nets/pictures.test.ts holds them equal. */
for (const [session, name] of OWN_NETS) writeFileSync(new URL(`../nets/${session}/${name}/${name}.svg`, import.meta.url), drawDemoNet(name, session))
