// A reconciler as a process of its own: passes without end, and a word to the parent before each statement it sends.
import { openBare } from '../../controller/forge/bare.js'
import { createLog } from '../../controller/log.js'
import { openReconciler } from '../../controller/reconcile/reconcile.js'
import { openDatabase, type Queryable } from '../../controller/store/database.js'

const [url = '', dataDir = ''] = process.argv.slice(2)
const log = createLog({ level: 'silent' })
const real = await openDatabase(url)
const telling = (inner: Queryable): Queryable => ({
  query: (text, values, name) => {
    process.send?.('statement')
    return inner.query(text, values, name)
  },
})
const db = { ...real, ...telling(real), transaction: <T>(run: (tx: Queryable) => Promise<T>) => real.transaction((tx) => run(telling(tx))) }
const pass = openReconciler({ db, forge: await openBare({ dataDir, log, changed: () => {} }), log })
process.send?.('ready')
for (;;) await pass()
