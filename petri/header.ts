import { z } from 'zod'
import { name, object, text } from './scalar.js'

export const API_VERSION = 'agenticos.dev/v1'

export const apiVersion = z.literal(API_VERSION, { error: `must be ${API_VERSION}` }).describe(`Always ${API_VERSION}.`)

const words = {
  title: text.describe('Short name for people and agents.').exactOptional(),
  description: text.describe('What it is for.').exactOptional(),
}
/** Of nets and sessions, which are called by their name. */
export const metadata = object({ name: name.describe('a-z, 0-9 and -; a net’s file and a session’s folder are called so.'), ...words })
/** Of files of which there is one, such as policy.yaml. */
export const looseMetadata = object({ name: name.describe('Any name; nothing depends on it.').exactOptional(), ...words }).describe('What it is.')
