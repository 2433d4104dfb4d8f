import { Button } from "@mantine/core";
import { IconSearchOff } from "@tabler/icons-react";
import { Empty } from "./Empty";

/** A list that the filters leave empty. */
export function NothingFound({ clear, children }: { clear: () => void; children?: string }) {
  return (
    <Empty icon={IconSearchOff} title="Nothing found" action={<Button onClick={clear}>Clear filters</Button>}>
      {children ?? "Nothing here has this name."}
    </Empty>
  );
}
