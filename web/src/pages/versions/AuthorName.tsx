import type { Commit } from "../../api/versions";

/** Who made something. */
export function AuthorName({ author }: { author: Commit["author"] }) {
  return <span>{author ? (author.name ?? "somebody who is gone") : "Forebay"}</span>;
}
