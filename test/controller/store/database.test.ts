import { beforeAll, describe, expect, it } from 'vitest'
import type { Database } from '../../../controller/store/database.js'
import { testDatabase } from '../../support/database.js'

let db: Database
beforeAll(async () => { db = (await testDatabase()).database })

describe('query', () => {
  it('gives int8 as numbers, int8 arrays as arrays of numbers and json parsed', async () => {
    const rows = await db.query('select 9007199254740991::int8 as big, array[1, 2]::int8[] as list, $1::jsonb as data', [{ a: [1] }])
    expect(rows).toEqual([{ big: 9007199254740991, list: [1, 2], data: { a: [1] } }])
  })
})
