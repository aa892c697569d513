import { createReadStream } from 'node:fs'
import { resolve } from 'node:path'
import { CliFailure } from './failure.js'
import type { Shell } from './shell.js'

/** A file, or stdin for `-`. */
export function openInput(shell: Shell, file: string): NodeJS.ReadableStream {
  return file === '-' ? shell.input : createReadStream(resolve(shell.cwd, file))
}

/** Everything a stream gives, as strict UTF-8 text. */
export async function readAll(stream: NodeJS.ReadableStream): Promise<string> {
  const parts: Buffer[] = []
  try {
    for await (const part of stream) parts.push(typeof part === 'string' ? Buffer.from(part) : part)
    return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(parts))
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : String(cause)
    throw new CliFailure(`the input cannot be read: ${message}`, 'give a file of UTF-8 text that is there', 2, cause)
  }
}
