// A controller reduced to its database: starts the embedded Postgres of a data directory and says its address, until killed.
import { createLog } from '../../controller/log.js'
import { startEmbedded } from '../../controller/store/embedded.js'

try {
  const embedded = await startEmbedded(process.argv[2] ?? '', createLog({ level: 'silent' }))
  process.send?.({ url: embedded.url })
  process.on('message', () => void embedded.stop().then(() => process.exit(0)))
} catch (error) {
  process.send?.({ code: (error as { code?: string }).code, message: (error as Error).message, remedy: (error as { remedy?: string }).remedy })
  process.disconnect()
}
