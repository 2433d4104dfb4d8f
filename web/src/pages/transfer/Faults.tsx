import { List } from "@mantine/core";
import { Refusal } from "../../api/refusal";
import { Trouble } from "../../components/Trouble";

/** What is wrong with an archive: each fault in the server's words. */
export function Faults({ error }: { error: unknown }) {
  const all = error instanceof Refusal ? (error.problem.errors ?? []) : [];
  return (
    <>
      <Trouble error={error} />
      {all.length > 1 && (
        <List size="sm" aria-label="Faults">
          {all.map((one) => (
            <List.Item key={`${one.field} ${one.code} ${one.message}`} style={{ overflowWrap: "anywhere" }}>
              {one.field}: {one.message}
            </List.Item>
          ))}
        </List>
      )}
    </>
  );
}
