/** How long a token is valid: the usual spans, in days. */
export const EXPIRIES = [
  { value: "7", label: "In 7 days" },
  { value: "30", label: "In 30 days" },
  { value: "90", label: "In 90 days" },
  { value: "365", label: "In a year" },
  { value: "own", label: "At a time of my choice" },
  { value: "never", label: "Never" },
];

/** For the API: `null` for never, `undefined` for a time that cannot be read. */
export function expiresAt(choice: string, own: string, now: number): string | null | undefined {
  if (choice === "never") return null;
  if (choice === "own") {
    const time = own === "" ? Number.NaN : new Date(own).getTime();
    return Number.isNaN(time) ? undefined : new Date(time).toISOString();
  }
  return new Date(now + Number(choice) * 86_400_000).toISOString();
}

/** The state of a token at this moment. */
export function tokenState(token: { revokedAt: string | null; expiresAt: string | null }, now: number): "valid" | "expired" | "revoked" {
  if (token.revokedAt !== null) return "revoked";
  return token.expiresAt !== null && Date.parse(token.expiresAt) <= now ? "expired" : "valid";
}
