// npm run build: compile to dist/ if anything changed
import { prepare } from './prepare.mjs'

prepare()
