import { Text } from "@mantine/core";
import type { User } from "../../api/users";
import type { Column } from "../../components/Rows";
import { State } from "../../components/State";
import { When } from "../../components/When";

/** The columns of Users. */
export const COLUMNS: Column<User>[] = [
  {
    head: "Name",
    cell: (user) => (
      <>
        <Text size="sm" fw={500} truncate title={user.name} maw={{ base: "60vw", sm: 340 }}>
          <bdi>{user.name}</bdi>
        </Text>
        <Text size="xs" c="dimmed" truncate hiddenFrom="sm" maw="60vw">
          <bdi>{user.email}</bdi>
        </Text>
      </>
    ),
  },
  {
    head: "E-mail",
    width: "300px",
    from: "sm",
    cell: (user) => (
      <Text size="sm" truncate title={user.email}>
        <bdi>{user.email}</bdi>
      </Text>
    ),
  },
  { head: "State", width: "120px", from: "sm", cell: (user) => <State state={user.disabled ? "disabled" : user.hasPassword ? "enabled" : "invited"} /> },
  { head: "Last signed in", width: "140px", from: "sm", cell: (user) => <When at={user.signedInAt} /> },
  { head: "Made", width: "130px", from: "md", cell: (user) => <When at={user.createdAt} /> },
];
