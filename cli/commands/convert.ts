import { readFile as readBytes, writeFile } from 'node:fs/promises'
import { basename, resolve } from 'node:path'
import { Option, type Command } from 'commander'
import { hasErrors } from '../../petri/finding.js'
import { CliFailure, usage } from '../failure.js'
import { finding } from '../finding-line.js'
import type { Shell } from '../shell.js'

/** `agenticos convert FILE --to yaml|pnml`: a net in its twin form, on stdout or into a file. */
export function convert(program: Command, shell: Shell): void {
  program.command('convert')
    .description('write a net in its other form')
    .argument('<file>', 'net in YAML or PNML')
    .addOption(new Option('--to <form>', 'yaml or pnml').choices(['yaml', 'pnml']).makeOptionMandatory())
    .option('--out <file>', 'write it there instead of on stdout')
    .option('--force', 'with --out: write over a file that is there')
    .action(async (file: string, options: { to: 'yaml' | 'pnml'; out?: string; force?: boolean }) => {
      const bytes = await readBytes(resolve(shell.cwd, file)).catch((cause: Error) => {
        throw new CliFailure(`${file} cannot be read: ${cause.message}`, 'name a net file that is there', 2, cause)
      })
      const { readFile } = await import('../../petri/read.js')
      const draft = readFile(file, bytes)
      for (const one of draft.findings) shell.warn(finding(shell, one))
      if (draft.value === undefined || hasErrors(draft.findings)) {
        shell.exit = 2
        return
      }
      const value = draft.value
      if (value.kind !== 'Net') usage(`${basename(file)} describes a ${value.kind}, and only nets have a PNML form`, 'name a net file')
      const text = options.to === 'yaml' ? (await import('../../petri/yaml/write.js')).writeYaml(value) : (await import('../../petri/pnml/write.js')).writePnml(value)
      if (options.out === undefined) return void shell.out.write(text.endsWith('\n') ? text : `${text}\n`)
      await writeFile(resolve(shell.cwd, options.out), text, { flag: options.force ? 'w' : 'wx' }).catch((cause: NodeJS.ErrnoException) => {
        throw cause.code === 'EEXIST'
          ? new CliFailure(`${options.out} is there already`, `agenticos convert ${file} --to ${options.to} --out ${options.out} --force`, 1, cause)
          : new CliFailure(`${options.out} cannot be written: ${cause.message}`, 'name a file in a folder that is there', 1, cause)
      })
      shell.print(`${options.out} written`)
    })
}
