import { anyFunctions } from './any.js'
import type { TemplateFunction } from './function.js'
import { boundFunctions, listFunctions } from './list.js'
import { numberFunctions } from './number.js'
import { objectFunctions } from './object.js'
import { sequenceFunctions, textFunctions } from './text.js'
import { timeFunctions } from './time.js'

/** Every function there is, by name. */
export const TEMPLATE_FUNCTIONS: ReadonlyMap<string, TemplateFunction> = new Map(
  [...anyFunctions, ...textFunctions, ...sequenceFunctions, ...timeFunctions, ...listFunctions, ...boundFunctions, ...objectFunctions, ...numberFunctions]
    .map((made) => [made.name, made]),
)
