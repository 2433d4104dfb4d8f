import { Alert, Button, Group, Text } from "@mantine/core";
import { IconCloudOff } from "@tabler/icons-react";
import { type ComponentType, useEffect, useSyncExternalStore } from "react";
import { Unreachable } from "../api/refusal";
import { type Known, Part } from "../late";
import { LATE } from "../texts/late";

/** What is known of a part. `wanted`: it is to be shown now. */
export function useLate<T>(part: Part<T>, wanted: boolean): Known<T> {
  const known = useSyncExternalStore(part.listen, part.now);
  useEffect(() => {
    if (wanted) void part.want();
  }, [part, wanted]);
  return known;
}

/** Menus, dialogs, lists to choose from, and what is told on hover. */
export const over = new Part(() => import("./over"));

/** A component whose code is fetched when it is first shown. It stands there once that has come, or tells why it has not. */
export function late<P extends object>(file: () => Promise<ComponentType<P>>): ComponentType<P> {
  const part = new Part(async () => ({ Shown: await file() }));
  return function Late(props: P) {
    const { code, error } = useLate(part, true);
    if (code) return <code.Shown {...props} />;
    return <Missing error={error} again={part.fetch} {...closing(props)} />;
  };
}

function closing(props: object): { close?: () => void } {
  return "onClose" in props && typeof props.onClose === "function" ? { close: props.onClose as () => void } : {};
}

/** Where a part would stand whose code did not come: over the page, which stays as it is. */
export function Missing({ error, again, close }: { error: unknown; again: () => unknown; close?: () => void }) {
  if (error === undefined) return null;
  return (
    <Alert
      color="red"
      variant="default"
      role="alert"
      icon={<IconCloudOff size={18} aria-hidden />}
      style={{ position: "fixed", zIndex: 400, top: 64, left: "50%", translate: "-50% 0", width: 420, maxWidth: "calc(100vw - 24px)", boxShadow: "var(--mantine-shadow-md)" }}
    >
      <Text size="sm">{error instanceof Unreachable ? LATE.away : LATE.missing}</Text>
      <Group mt="xs" gap="xs">
        <Button size="xs" variant="default" onClick={() => void again()}>
          Try again
        </Button>
        {close && (
          <Button size="xs" variant="subtle" onClick={close}>
            Close
          </Button>
        )}
      </Group>
    </Alert>
  );
}
