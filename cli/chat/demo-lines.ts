/** What the recorded session answers to, in the order in which it makes sense. */
export const DEMO_LINES = ['Build a net that answers questions about a log', '/merge', 'How many failed passwords are in the log?', 'Show me the last three wrong passwords'] as const
