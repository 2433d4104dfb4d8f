import { Button } from "@mantine/core";
import { IconChevronDown, IconDownload, IconGitBranch, IconGitMerge, IconPencil, IconPlus, IconTrash, IconUpload } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { late } from "../../components/Late";
import { Menu } from "../../components/Menu";
import { exportBranch } from "../../api/transfer";
import { Allowed } from "../../components/Allowed";
import { fileName } from "../../components/download";
import type { Place } from "../../shell/place";
import { useDownload } from "../transfer/useDownload";
import { versionsPath } from "../versions/words";

const DeleteBranch = late(async () => (await import("./acts")).DeleteBranch);
const NewBranch = late(async () => (await import("./acts")).NewBranch);
const RenameBranch = late(async () => (await import("./acts")).RenameBranch);
const ImportInto = late(async () => (await import("./acts")).ImportInto);

/** What can be done with the branch that is looked at. */
export function BranchActs({ place }: { place: Place }) {
  const [act, setAct] = useState<"new" | "rename" | "delete" | "import">();
  const close = () => setAct(undefined);
  const archive = useDownload();
  const main = place.branch === "main";
  return (
    <>
      <Menu position="bottom-end">
        <Menu.Target>
          <Button variant="default" leftSection={<IconGitBranch size={16} aria-hidden />} rightSection={<IconChevronDown size={14} aria-hidden />} maw={260}>
            Branch {place.branch}
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          <Allowed right="resource:write">
            <Menu.Item leftSection={<IconPlus size={16} aria-hidden />} onClick={() => setAct("new")}>
              New branch…
            </Menu.Item>
          </Allowed>
          <Menu.Item leftSection={<IconGitMerge size={16} aria-hidden />} component={Link} to={versionsPath(place, "bring")}>
            Bring from another branch…
          </Menu.Item>
          <Menu.Item leftSection={<IconDownload size={16} aria-hidden />} onClick={() => archive.mutate({ read: () => exportBranch(place), name: fileName(["project", place.branch], "tar.gz") })}>
            Export
          </Menu.Item>
          <Allowed right="resource:write">
            <Menu.Item leftSection={<IconUpload size={16} aria-hidden />} onClick={() => setAct("import")}>
              Import…
            </Menu.Item>
          </Allowed>
          <Menu.Divider />
          <Allowed right="resource:write">
            <Menu.Item leftSection={<IconPencil size={16} aria-hidden />} disabled={main} onClick={() => setAct("rename")}>
              Rename…
            </Menu.Item>
          </Allowed>
          <Allowed right="resource:write">
            <Menu.Item color="var(--mantine-color-error)" leftSection={<IconTrash size={16} aria-hidden />} disabled={main} onClick={() => setAct("delete")}>
              Delete…
            </Menu.Item>
          </Allowed>
        </Menu.Dropdown>
      </Menu>
      {act === "new" && <NewBranch place={place} from={{ words: `the last commit of ${place.branch}`, fromBranch: place.branch }} onClose={close} />}
      {act === "import" && <ImportInto place={place} onClose={close} />}
      {act === "rename" && <RenameBranch place={place} onClose={close} />}
      {act === "delete" && <DeleteBranch place={place} onClose={close} />}
    </>
  );
}
