/** The circles of a graph: its strongly connected components of more than one node, and nodes that follow themselves. Tarjan, without recursion. */
export function components(nodes: readonly string[], next: (node: string) => readonly string[]): string[][] {
  const order = new Map<string, number>()
  const low = new Map<string, number>()
  const stack: string[] = []
  const onStack = new Set<string>()
  const found: string[][] = []
  for (const root of nodes) {
    if (order.has(root)) continue
    const walk = [{ node: root, followers: next(root), at: 0 }]
    enter(root)
    for (let frame = walk.at(-1); frame; frame = walk.at(-1)) {
      const { node } = frame
      const follower = frame.followers[frame.at++]
      if (follower !== undefined) {
        if (!order.has(follower)) {
          enter(follower)
          walk.push({ node: follower, followers: next(follower), at: 0 })
        } else if (onStack.has(follower)) low.set(node, Math.min(low.get(node)!, order.get(follower)!))
        continue
      }
      walk.pop()
      const above = walk.at(-1)
      if (above) low.set(above.node, Math.min(low.get(above.node)!, low.get(node)!))
      if (low.get(node) === order.get(node)) close(node)
    }
  }
  return found

  function enter(node: string): void {
    order.set(node, order.size)
    low.set(node, order.size - 1)
    stack.push(node)
    onStack.add(node)
  }

  function close(node: string): void {
    const members = stack.splice(stack.lastIndexOf(node))
    for (const member of members) onStack.delete(member)
    if (members.length > 1 || next(node).includes(node)) found.push(members)
  }
}
