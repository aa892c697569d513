/** Codes of refusals that tools and their ports make themselves; others come from a session's owner or an executor. */
export const REFUSAL_CODES: Readonly<Record<string, string>> = {
  'forbidden-tool': 'the role does not reach the tool’s tier',
  'forbidden-session': 'the session is not the caller’s, and policy.yaml does not let it reach there',
  'forbidden-place': 'in its own net an agent puts only where its transition has an arc for its tools',
  'call-reused': 'the number of this call was another call’s',
  'bad-parameters': 'a parameter is missing, unknown or of another form',
  'bad-query': 'the ArcQL or path is not understood',
  'not-found': 'nothing has this name',
  'not-runnable': 'a link never fires',
  'wrong-kind': 'the tool is for transitions of other kinds',
  'draft-beyond-nets': 'a draft of an agent touches more than nets that it covers',
  'draft-has-errors': 'the draft has findings of level error: correct them first',
  'nothing-to-propose': 'there is no draft, or it changes nothing',
  'scratch-session': 'a scratch session runs somebody’s folder, and drafts are of main',
  'unreadable': 'the file cannot be read as a net',
  'credential-refused': 'the credential is not declared for this caller',
}
