import { Button, Menu } from "@mantine/core";
import { IconChevronDown, IconGitBranch, IconPlus } from "@tabler/icons-react";
import { useState } from "react";
import type { Place } from "../../shell/place";
import { NewBranch } from "./NewBranch";

/** What can be done with the branch that is looked at. */
export function BranchActs({ place }: { place: Place }) {
  const [act, setAct] = useState<"new">();
  const close = () => setAct(undefined);
  return (
    <>
      <Menu position="bottom-end">
        <Menu.Target>
          <Button variant="default" leftSection={<IconGitBranch size={16} aria-hidden />} rightSection={<IconChevronDown size={14} aria-hidden />} maw={260}>
            Branch {place.branch}
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item leftSection={<IconPlus size={16} aria-hidden />} onClick={() => setAct("new")}>
            New branch…
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      {act === "new" && <NewBranch place={place} from={{ words: `the last commit of ${place.branch}`, fromBranch: place.branch }} onClose={close} />}
    </>
  );
}
