// A controller reduced to its drafts: writes lines into one net's draft, each an edit, and says each that is done, until killed.
import { openBare } from '../../controller/forge/bare.js'
import { createLog } from '../../controller/log.js'

const [dataDir = '', lines = '0'] = process.argv.slice(2)
const PATH = 'nets/demo/sort.yaml'
const forge = await openBare({ dataDir, log: createLog({ level: 'silent' }), changed: () => {} })
for (let at = 0; at < Number(lines); at++) {
  const line = `# line ${at}\n`
  await forge.drafts.write({ session: 'demo', key: 'killed' }, {
    what: `CREATE_PLACE demo/sort/line-${at}`, by: { name: 'agent demo/sort/note', agent: true }, trailers: { Tool: 'CREATE_PLACE' },
    edit: async (read) => {
      const text = (await read(PATH)) ?? ''
      return [{ path: PATH, content: text.includes(line) ? text : text + line }]
    },
  })
  process.send?.(at)
}
forge.close()
process.disconnect()
