import { useNavigate, useSearch } from "@tanstack/react-router";

/** Filters whose values stand in the page's address; an empty value is none. */
export interface FilterValues<K extends string> {
  values: Record<K, string>;
  /** What is chosen: the way back leads to what it was before. */
  set: (changes: Partial<Record<K, string>>) => void;
  /** What is being typed: it is no step on the way back. */
  type: (changes: Partial<Record<K, string>>) => void;
  /** Whether any is set. */
  any: boolean;
  clear: () => void;
}

/** The filters of these names. What else stands in the address stays. */
export function useFilters<K extends string>(names: readonly K[]): FilterValues<K> {
  const search: Record<string, unknown> = useSearch({ strict: false });
  const navigate = useNavigate();
  const values = filterValues(search, names);
  const go = (changes: Partial<Record<K, string>>, replace: boolean) => {
    void navigate({ to: ".", search: (old: Record<string, unknown>) => merged(old, changes), replace, resetScroll: false });
  };
  const set = (changes: Partial<Record<K, string>>) => go(changes, false);
  const type = (changes: Partial<Record<K, string>>) => go(changes, true);
  const clear = () => set(Object.fromEntries(names.map((name) => [name, ""])) as Record<K, string>);
  return { values, set, type, any: names.some((name) => values[name] !== ""), clear };
}

/** What the address says of these filters: numbers and words that the router has read are texts again. */
export function filterValues<K extends string>(search: Record<string, unknown>, names: readonly K[]): Record<K, string> {
  return Object.fromEntries(names.map((name) => [name, text(search[name])])) as Record<K, string>;
}

function text(value: unknown): string {
  return typeof value === "string" || typeof value === "number" || typeof value === "boolean" ? String(value) : "";
}

function merged(old: Record<string, unknown>, changes: Partial<Record<string, string>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries({ ...old, ...changes }).filter(([, value]) => value !== "" && value !== undefined));
}

/** For the API: only the filters that are set. */
export function given<K extends string>(values: Record<K, string>): Partial<Record<K, string>> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== "")) as Partial<Record<K, string>>;
}
