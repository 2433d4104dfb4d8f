import { Button, Kbd, Text, useMantineColorScheme } from "@mantine/core";
import { IconCheck, IconKeyboard, IconLogout, IconSettings, IconUser } from "@tabler/icons-react";
import { useMutation, useQuery } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { Menu } from "../components/Menu";
import { me, signOut } from "../api/me";
import { queries } from "../queries";
import { useInstallationPages } from "./installation";
import { forgetVisited } from "./visited";

const SCHEMES = [
  { value: "light", label: "Light" },
  { value: "dark", label: "Dark" },
  { value: "auto", label: "As the system has it" },
] as const;

/** Who is signed in: account, what an administrator has besides, theme, sign-out. */
export function UserMenu({ help }: { help: () => void }) {
  const who = useQuery(me());
  const navigate = useNavigate();
  const pages = useInstallationPages();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const leave = useMutation({
    mutationFn: signOut,
    onSettled: () => {
      forgetVisited();
      queries.clear();
      void navigate({ to: "/sign-in" });
    },
  });
  return (
    <Menu position="bottom-end" width={240}>
      <Menu.Target>
        <Button variant="subtle" color="gray" leftSection={<IconUser size={18} aria-hidden />} maw={220}>
          <Text span inherit truncate>
            {who.data?.name ?? "…"}
          </Text>
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label style={{ overflowWrap: "anywhere" }}>{who.data?.email}</Menu.Label>
        <Menu.Item component={Link} to="/account" leftSection={<IconSettings size={16} aria-hidden />}>
          Your account
        </Menu.Item>
        {pages.map(({ to, label, icon: Icon }) => (
          <Menu.Item key={to} component={Link} to={to} leftSection={<Icon size={16} aria-hidden />}>
            {label}
          </Menu.Item>
        ))}
        <Menu.Divider />
        <Menu.Label>Theme</Menu.Label>
        {SCHEMES.map(({ value, label }) => (
          <Menu.Item
            key={value}
            closeMenuOnClick={false}
            onClick={() => setColorScheme(value)}
            leftSection={colorScheme === value ? <IconCheck size={16} aria-label="Chosen" /> : <span style={{ width: 16 }} />}
          >
            {label}
          </Menu.Item>
        ))}
        <Menu.Divider />
        <Menu.Item leftSection={<IconKeyboard size={16} aria-hidden />} rightSection={<Kbd size="xs">?</Kbd>} onClick={help} visibleFrom="sm">
          Keyboard shortcuts
        </Menu.Item>
        <Menu.Item leftSection={<IconLogout size={16} aria-hidden />} onClick={() => leave.mutate()}>
          Sign out
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
