import { IconBan, IconCheck, IconLink, IconPencil } from "@tabler/icons-react";
import { Menu } from "../../components/Menu";
import type { User } from "../../api/users";
import { RowMenu } from "../../components/RowMenu";

/** What can be done with a user. */
export type UserAct = "edit" | "switch" | "link";

/** The ⋮ menu of a user. */
export function UserMenu({ user, ask }: { user: User; ask: (about: UserAct) => void }) {
  return (
    <RowMenu of={user.name}>
      <Menu.Item leftSection={<IconPencil size={16} aria-hidden />} onClick={() => ask("edit")}>
        Change name or e-mail
      </Menu.Item>
      {!user.disabled && (
        <Menu.Item leftSection={<IconLink size={16} aria-hidden />} onClick={() => ask("link")}>
          Make sign-in link
        </Menu.Item>
      )}
      {user.disabled ? (
        <Menu.Item leftSection={<IconCheck size={16} aria-hidden />} onClick={() => ask("switch")}>
          Enable
        </Menu.Item>
      ) : (
        <Menu.Item color="var(--mantine-color-error)" leftSection={<IconBan size={16} aria-hidden />} onClick={() => ask("switch")}>
          Disable
        </Menu.Item>
      )}
    </RowMenu>
  );
}
