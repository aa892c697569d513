type Words = ReadonlyMap<string, readonly string[]>

/** Only letters, digits and hyphens come out of our own command tree, so nothing needs quoting. */
function cases(words: Words, indent: string): string {
  return [...words].map(([path, list]) => `${indent}'${path}') words='${list.join(' ')}' ;;`).join('\n')
}

export function bashCompletion(words: Words): string {
  return `# agenticos completion for bash: source <(agenticos completion bash)
_agenticos() {
  local cur=\${COMP_WORDS[COMP_CWORD]} path= word words=
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    case $word in -*) ;; *) case "$path $word" in ${groups(words)}) path="\${path:+$path }$word" ;; *) [ -z "$path" ] && path=$word ;; esac ;; esac
  done
  case $path in
${cases(words, '    ')}
  esac
  if [ -n "$words" ] && [[ $cur == -* || $COMP_CWORD -le 2 ]]; then COMPREPLY=($(compgen -W "$words" -- "$cur")); else COMPREPLY=($(compgen -f -- "$cur")); fi
}
complete -o bashdefault -o filenames -F _agenticos agenticos`
}

export function zshCompletion(words: Words): string {
  return `#compdef agenticos
# agenticos completion for zsh: source <(agenticos completion zsh)
autoload -U +X bashcompinit && bashcompinit
${bashCompletion(words)}`
}

/** Patterns of the two-word commands, as "token create". */
function groups(words: Words): string {
  const two = [...words.keys()].filter((path) => path.includes(' ')).map((path) => `"${path}"`)
  return two.length === 0 ? '""' : two.join('|')
}
