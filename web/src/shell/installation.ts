import { IconHistory, IconServer, IconUsers } from "@tabler/icons-react";
import type { ComponentType } from "react";
import { useMayEverywhere } from "../api/me";

/** A page of the installation. */
export interface InstallationPage {
  to: string;
  label: string;
  icon: ComponentType<{ size?: number }>;
}

/** The pages of the installation that the person may open. */
export function useInstallationPages(): InstallationPage[] {
  const users = useMayEverywhere("user:manage");
  const audit = useMayEverywhere("audit:read");
  return [
    ...(users ? [{ to: "/users", label: "Users", icon: IconUsers }] : []),
    { to: "/servers", label: "Servers", icon: IconServer },
    ...(audit ? [{ to: "/audit", label: "Installation audit", icon: IconHistory }] : []),
  ];
}
