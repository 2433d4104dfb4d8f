import { Menu } from "@mantine/core";
import { IconPencil, IconUserMinus } from "@tabler/icons-react";
import type { Member } from "../../api/members";
import { Allowed } from "../../components/Allowed";
import { RowMenu } from "../../components/RowMenu";

/** The ⋮ menu of a member. Roles given above are changed where they are given: the server says who may. */
export function MemberMenu({ member, ask }: { member: Member; ask: (about: "change" | "remove") => void }) {
  return (
    <RowMenu of={member.name}>
      <Allowed right="member:manage">
        <Menu.Item leftSection={<IconPencil size={16} aria-hidden />} onClick={() => ask("change")}>
          Change roles
        </Menu.Item>
      </Allowed>
      <Allowed right="member:manage">
        <Menu.Item color="red" leftSection={<IconUserMinus size={16} aria-hidden />} onClick={() => ask("remove")}>
          Remove
        </Menu.Item>
      </Allowed>
    </RowMenu>
  );
}
