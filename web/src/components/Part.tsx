import { Stack, Title } from "@mantine/core";
import { type ReactNode, useId } from "react";

/** A part of a detail page, with its heading. `name`: what stands after # in an address that leads to it. */
export function Part({ title, name, children }: { title: string; name?: string; children: ReactNode }) {
  const id = useId();
  return (
    <Stack gap="xs" component="section" aria-labelledby={id} {...(name ? { id: name } : {})} style={{ scrollMarginTop: 68 }}>
      <Title order={2} id={id}>
        {title}
      </Title>
      {children}
    </Stack>
  );
}
