import { IconPencil, IconUserMinus } from "@tabler/icons-react";
import { Menu } from "../../components/Menu";
import { useMayGive } from "../../api/me";
import type { Member } from "../../api/members";
import { levelWord } from "../../api/tenancy";
import { Allowed } from "../../components/Allowed";
import { RowMenu } from "../../components/RowMenu";
import { givenAbove } from "../../texts/members";

/** The ⋮ menu of a member. Roles given above are changed by who may there. */
export function MemberMenu({ member, ask }: { member: Member; ask: (about: "change" | "remove") => void }) {
  const may = useMayGive()(member.level);
  const why = member.level === "project" ? {} : { why: givenAbove(levelWord(member.level)) };
  return (
    <RowMenu of={member.name}>
      <Allowed right="member:manage" may={may} {...why}>
        <Menu.Item leftSection={<IconPencil size={16} aria-hidden />} onClick={() => ask("change")}>
          Change roles
        </Menu.Item>
      </Allowed>
      <Allowed right="member:manage" may={may} {...why}>
        <Menu.Item color="var(--mantine-color-error)" leftSection={<IconUserMinus size={16} aria-hidden />} onClick={() => ask("remove")}>
          Remove
        </Menu.Item>
      </Allowed>
    </RowMenu>
  );
}
