import { Anchor, Box, Breadcrumbs, Group, Stack, Text, Title } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { useVisit } from "../shell/visited";
import { useDocumentTitle } from "./useDocumentTitle";

/** A step on the way to the page. */
export interface Crumb {
  label: string;
  to?: string;
}

/** The top of each page: where it is, what it is, what it is for, and its main act at the right. */
export function Head(props: { crumbs?: Crumb[]; title: string; label?: ReactNode; purpose?: ReactNode; children?: ReactNode }) {
  const { crumbs = [], title, label, purpose, children } = props;
  useDocumentTitle(title);
  // a crumb that leads nowhere is a heading, not the list that the thing is in
  useVisit(title, crumbs.find((crumb) => crumb.to)?.label);
  return (
    <Stack gap={4} mb="md">
      {crumbs.length > 0 && (
        <Breadcrumbs separator="/" separatorMargin={6} aria-label="Breadcrumb">
          {crumbs.map((crumb) =>
            crumb.to ? (
              <Anchor key={crumb.label} size="sm" component={Link} to={crumb.to}>
                {crumb.label}
              </Anchor>
            ) : (
              <Text key={crumb.label} size="sm" c="dimmed">
                {crumb.label}
              </Text>
            ),
          )}
        </Breadcrumbs>
      )}
      <Group justify="space-between" align="flex-start" wrap="wrap" gap="sm">
        <Box style={{ minWidth: 0, flex: "1 1 320px" }}>
          <Group gap="sm">
            <Title order={1} style={{ overflowWrap: "anywhere" }}>
              {title}
            </Title>
            {label}
          </Group>
          {purpose && (
            <Text c="dimmed" size="sm" maw={720} style={{ textWrap: "pretty" }}>
              {purpose}
            </Text>
          )}
        </Box>
        <Group gap="xs">{children}</Group>
      </Group>
    </Stack>
  );
}
