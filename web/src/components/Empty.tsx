import { Paper, Stack, Text, ThemeIcon, Title } from "@mantine/core";
import type { ComponentType, ReactNode } from "react";

/** An empty list: what the thing is, why there is none, and the next step. */
export function Empty(props: { icon: ComponentType<{ size?: number }>; title: string; children: ReactNode; action?: ReactNode }) {
  const Icon = props.icon;
  return (
    <Paper withBorder p="xl" radius="md">
      <Stack align="center" gap="sm" maw={520} mx="auto" ta="center">
        <ThemeIcon variant="light" size={48} radius="xl" aria-hidden>
          <Icon size={26} />
        </ThemeIcon>
        <Title order={2}>{props.title}</Title>
        <Text c="dimmed" size="sm" component="div" style={{ textWrap: "balance" }}>
          {props.children}
        </Text>
        {props.action}
      </Stack>
    </Paper>
  );
}
