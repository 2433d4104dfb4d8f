import { Badge } from "@mantine/core";
import {
  IconAlertTriangle, IconArrowBackUp, IconBan, IconCheck, IconCircleDashed, IconClock, IconMinus, IconPlayerPause, IconPlayerPlay, IconPlus, IconRefresh, IconX,
} from "@tabler/icons-react";
import type { ComponentType } from "react";

interface Look {
  word: string;
  color: string;
  icon: ComponentType<{ size?: number }>;
}

/** Every state of the API: a word, an icon and a colour, never the colour alone. */
const LOOKS: Record<string, Look> = {
  Active: { word: "Active", color: "basin", icon: IconPlayerPlay },
  Deactivated: { word: "Deactivated", color: "gray", icon: IconPlayerPause },
  active: { word: "Running", color: "blue", icon: IconClock },
  incident: { word: "Incident", color: "red", icon: IconAlertTriangle },
  completed: { word: "Completed", color: "basin", icon: IconCheck },
  terminated: { word: "Terminated", color: "gray", icon: IconX },
  cancelled: { word: "Cancelled", color: "gray", icon: IconBan },
  open: { word: "Open", color: "red", icon: IconAlertTriangle },
  retrying: { word: "Retrying", color: "blue", icon: IconRefresh },
  retried: { word: "Retried", color: "gray", icon: IconArrowBackUp },
  pending: { word: "Pending", color: "blue", icon: IconCircleDashed },
  accepted: { word: "Accepted", color: "basin", icon: IconCheck },
  started: { word: "Started", color: "basin", icon: IconCheck },
  failed: { word: "Failed", color: "red", icon: IconAlertTriangle },
  refused: { word: "Refused", color: "red", icon: IconBan },
  duplicate: { word: "Duplicate", color: "gray", icon: IconCircleDashed },
  added: { word: "Added", color: "basin", icon: IconPlus },
  changed: { word: "Changed", color: "blue", icon: IconRefresh },
  removed: { word: "Removed", color: "red", icon: IconMinus },
  valid: { word: "Valid", color: "basin", icon: IconCheck },
  expired: { word: "Expired", color: "gray", icon: IconClock },
  revoked: { word: "Revoked", color: "gray", icon: IconBan },
  enabled: { word: "Enabled", color: "basin", icon: IconCheck },
  disabled: { word: "Disabled", color: "gray", icon: IconBan },
  running: { word: "Running", color: "basin", icon: IconPlayerPlay },
  behind: { word: "Not up to date", color: "red", icon: IconAlertTriangle },
  gone: { word: "Gone", color: "gray", icon: IconX },
  invited: { word: "No password yet", color: "blue", icon: IconClock },
};

/** A state as a small label. */
export function State({ state }: { state: string }) {
  const look = LOOKS[state] ?? { word: state, color: "gray", icon: IconCircleDashed };
  const Icon = look.icon;
  return (
    <Badge variant="light" color={look.color} leftSection={<Icon size={12} aria-hidden />} tt="none" fw={600} autoContrast miw="max-content">
      {look.word}
    </Badge>
  );
}
