import { Alert, Group, Loader, Text } from "@mantine/core";
import { IconAlertTriangle, IconCheck } from "@tabler/icons-react";
import type { Act } from "../api/commands";
import { Trouble } from "./Trouble";

/** How an act that a runner carries out goes, where it was asked for. `doing`: "Retrying"; `done`: what to say of a success. */
export function Outcome<T>({ act, doing, done }: { act: Act<T>; doing: string; done?: string }) {
  if (act.error) return <Trouble error={act.error} />;
  if (act.busy) {
    return (
      <Group gap="xs" role="status" my="xs">
        <Loader size="xs" aria-hidden />
        <Text size="sm">{doing} …</Text>
      </Group>
    );
  }
  if (!act.result) return null;
  const { ok, message, code } = act.result;
  return (
    <Alert
      my="xs"
      color={ok ? "basin" : "red"}
      icon={ok ? <IconCheck size={18} aria-hidden /> : <IconAlertTriangle size={18} aria-hidden />}
      role={ok ? "status" : "alert"}
      withCloseButton
      onClose={act.reset}
    >
      <Text size="sm">
        <bdi>{(ok && done) || message || code || "Done."}</bdi>
      </Text>
    </Alert>
  );
}
