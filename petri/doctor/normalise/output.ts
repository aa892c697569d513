import type { OutputFile, OutputObject } from '../../inscription.js'
import type { InputArc, OutputArc, Place } from '../../net.js'

/** The output arcs to one place, with what they emit and when written out. */
export function outputsOf(net: string, to: string, file: OutputFile, place: Place | undefined, inputs: readonly InputArc[]): OutputArc[] {
  const arcs: readonly OutputObject[] = Array.isArray(file) ? file : [file as OutputObject]
  return arcs.map((arc) => {
    const { on, when } = whenOf(arc.when)
    const tools = arc.emit === 'tools'
    return {
      to,
      address: place?.address ?? `${net}/${to}`,
      emit: arc.emit === undefined || tools ? usual(on, inputs) : arc.emit,
      tools,
      ...(arc.each === undefined ? {} : { each: arc.each }),
      on,
      when,
      ...(place?.sends === undefined ? {} : { sends: place.sends }),
    }
  })
}

/** What `success`, `error`, `otherwise`, a condition or `error AND` a condition mean. */
export function whenOf(text: string | undefined): Pick<OutputArc, 'on' | 'when'> {
  const words = text?.trim() ?? 'success'
  if (words === 'success') return { on: 'success', when: 'always' }
  if (words === 'error') return { on: 'error', when: 'always' }
  const error = /^error\s+AND\s+/.exec(words)
  const rest = error ? words.slice(error[0].length) : words
  return { on: error ? 'error' : 'success', when: rest === 'otherwise' ? 'otherwise' : { condition: rest } }
}

function usual(on: OutputArc['on'], inputs: readonly InputArc[]): OutputArc['emit'] {
  if (on === 'success') return '${result}'
  const bound = inputs.filter((input) => input.mode !== 'inhibit')
  return { error: '${error}', input: Object.fromEntries(bound.map((input) => [input.variable, `\${${input.variable}}`])) }
}
