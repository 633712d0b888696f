/** Which modules of a bundle are loaded together. */

interface ModuleGraph {
  getModuleInfo(id: string): { readonly importedIds: readonly string[] } | null;
}

/** Whether a module is loaded with one of these, and not only when a dynamic import asks for it. */
export function loadedWith(roots: readonly string[]): (id: string, graph: ModuleGraph) => boolean {
  let reached: Set<string> | undefined;
  return function isLoaded(id, graph) {
    if (reached === undefined) {
      reached = new Set(roots);
      // Iterating over a set includes entries added meanwhile.
      for (const each of reached) {
        for (const imported of graph.getModuleInfo(each)?.importedIds ?? []) reached.add(imported);
      }
    }
    return reached.has(id);
  };
}
