/** An element, or the name that is drawn beside one. */
interface Chosen {
  labelTarget?: unknown;
}

/** What is chosen without the names of elements that are chosen themselves: a name beside its element is no second one. */
export function withoutOwnLabels<T extends object>(chosen: readonly T[]): T[] {
  return chosen.filter((one) => {
    const { labelTarget } = one as Chosen;
    return !labelTarget || !chosen.includes(labelTarget as T);
  });
}
