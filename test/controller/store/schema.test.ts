import { expect, it } from 'vitest'
import { dumpSchema } from '../../support/dump-schema.js'
import { testDatabase } from '../../support/database.js'

it('the migrations make the schema that controller/store/schema.sql shows', async () => {
  const { database } = await testDatabase()
  await expect(await dumpSchema(database)).toMatchFileSnapshot('../../../controller/store/schema.sql')
})
