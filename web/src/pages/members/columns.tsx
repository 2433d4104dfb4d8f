import { Badge, Group, Text } from "@mantine/core";
import type { Member } from "../../api/members";
import { levelWord } from "../../api/tenancy";
import type { Column } from "../../components/Rows";
import { When } from "../../components/When";
import { roleWords } from "../../texts/rights";

/** Who always sees payloads, whatever the flag is. */
const SEES_PAYLOADS = new Set(["operator", "admin"]);

/** The columns of Members. */
export function columns(nameOf: (targetId: string) => string): Column<Member>[] {
  return [
    { head: "Name", cell: (member) => <Who member={member} /> },
    { head: "Roles", width: "170px", cell: (member) => roleWords(member.roles) },
    { head: "Payloads", width: "110px", from: "sm", cell: (member) => (member.payload || member.roles.some((role) => SEES_PAYLOADS.has(role)) ? "Sees them" : "–") },
    { head: "Given on", width: "260px", from: "sm", cell: (member) => <GivenOn member={member} name={nameOf(member.targetId)} /> },
    { head: "Since", width: "130px", from: "md", cell: (member) => <When at={member.createdAt} /> },
  ];
}

function Who({ member }: { member: Member }) {
  return (
    <Group gap="xs" wrap="nowrap">
      <div style={{ minWidth: 0 }}>
        <Text size="sm" fw={500} truncate title={member.name} maw={{ base: "40vw", sm: 340 }}>
          <bdi>{member.name}</bdi>
        </Text>
        <Text size="xs" c="dimmed" truncate title={member.email} maw={{ base: "40vw", sm: 340 }}>
          <bdi>{member.email}</bdi>
        </Text>
      </div>
      {member.disabled && (
        <Badge variant="light" color="gray" tt="none" style={{ flex: "none" }}>
          Disabled
        </Badge>
      )}
    </Group>
  );
}

function GivenOn({ member, name }: { member: Member; name: string }) {
  return (
    <Text size="sm" truncate title={name}>
      <bdi>{name}</bdi>{" "}
      <Text span size="xs" c="dimmed">
        {levelWord(member.level)}
      </Text>
    </Text>
  );
}
