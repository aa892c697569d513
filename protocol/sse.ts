/** One message of an event stream. */
export interface SseMessage {
  readonly id?: string
  /** what kind of message it is, where the stream says so */
  readonly event?: string
  readonly data?: string
  /** our streams say in a comment after which event they begin */
  readonly begins?: number
}

/** Reads server-sent events from the body of an answer. */
export async function* readSse(body: ReadableStream<Uint8Array>): AsyncGenerator<SseMessage> {
  const decoder = new TextDecoder()
  const reader = body.getReader()
  let text = ''
  try {
    for (;;) {
      const { done, value } = await reader.read()
      if (done) return
      text += decoder.decode(value, { stream: true })
      for (let end = text.indexOf('\n\n'); end >= 0; end = text.indexOf('\n\n')) {
        yield readMessage(text.slice(0, end))
        text = text.slice(end + 2)
      }
    }
  } finally {
    await reader.cancel().catch(() => undefined)
  }
}

function readMessage(block: string): SseMessage {
  let [id, event, begins] = [undefined as string | undefined, undefined as string | undefined, undefined as number | undefined]
  const data: string[] = []
  for (const line of block.split('\n')) {
    if (line.startsWith('data: ')) data.push(line.slice(6))
    else if (line.startsWith('id: ')) id = line.slice(4)
    else if (line.startsWith('event: ')) event = line.slice(7)
    else if (line.startsWith(': session ')) begins = Number(/after event (\d+)$/.exec(line)?.[1] ?? Number.NaN)
  }
  return { ...(id === undefined ? {} : { id }), ...(event === undefined ? {} : { event }), ...(data.length === 0 ? {} : { data: data.join('\n') }), ...(begins === undefined || Number.isNaN(begins) ? {} : { begins }) }
}
