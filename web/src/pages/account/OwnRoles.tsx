import { Anchor, Table, Text } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import type { Me } from "../../api/me";
import { levelWord, usePlaceNames } from "../../api/tenancy";
import { NO_ROLES } from "../../texts/account";
import { ROLES, roleWord } from "../../texts/rights";
import { Sideways } from "../../components/Sideways";

/** The person's roles, the level of each in words. */
export function OwnRoles({ me }: { me: Me }) {
  const nameOf = usePlaceNames();
  if (me.roles.length === 0) return <Text size="sm">{NO_ROLES}</Text>;
  return (
    <Sideways width={320}>
      <Table aria-label="Your roles" verticalSpacing={6}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Where</Table.Th>
            <Table.Th>Role</Table.Th>
            <Table.Th visibleFrom="sm">What it is for</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {me.roles.map((role) => (
            <Table.Tr key={`${role.level} ${role.id} ${role.role}`}>
              <Table.Td style={{ overflowWrap: "anywhere" }}>
                {role.level === "project" ? (
                  <Anchor component={Link} to={`/projects/${role.id}`} size="sm">
                    <bdi>{nameOf(role.id)}</bdi>
                  </Anchor>
                ) : (
                  <bdi>{nameOf(role.id)}</bdi>
                )}{" "}
                <Text span size="xs" c="dimmed">
                  {levelWord(role.level)}
                </Text>
              </Table.Td>
              <Table.Td style={{ whiteSpace: "nowrap" }}>{roleWord(role.role)}</Table.Td>
              <Table.Td visibleFrom="sm">
                {ROLES.find((one) => one.value === role.role)?.may}
                {role.payload && " May see payloads."}
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Sideways>
  );
}
