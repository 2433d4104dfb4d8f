import {
  IconAdjustments, IconAlertTriangle, IconBolt, IconGitCommit, IconHistory, IconListDetails, IconPlugConnected, IconSitemap, IconUsers, IconWebhook,
} from "@tabler/icons-react";
import type { ComponentType } from "react";
import type { Right } from "../texts/rights";
import type { Place } from "./place";

/** A line of the navigation. */
export interface Entry {
  label: string;
  icon: ComponentType<{ size?: number }>;
  to: (place: Place) => string;
  /** Not shown to those who do not have it: the page is nothing without. */
  right?: Right;
}

/** A group of the navigation. */
export interface Section {
  label: string;
  entries: Entry[];
}

const config = (path: string) => (place: Place) => `/projects/${place.projectId}/branches/${encodeURIComponent(place.branch)}/${path}`;
const runtime = (path: string) => (place: Place) => `/projects/${place.projectId}/${path}`;

/** The pages of a project. */
export const SECTIONS: Section[] = [
  {
    label: "Config",
    entries: [
      { label: "Processes", icon: IconSitemap, to: config("processes") },
      { label: "Data Sources", icon: IconPlugConnected, to: config("data-sources") },
      { label: "Versions", icon: IconGitCommit, to: config("versions") },
    ],
  },
  {
    label: "Runtime",
    entries: [
      { label: "Manage Triggers", icon: IconWebhook, to: runtime("triggers") },
      { label: "Failed Triggers", icon: IconAlertTriangle, to: runtime("failed-triggers") },
      { label: "Process Instances", icon: IconListDetails, to: runtime("instances") },
      { label: "Events", icon: IconBolt, to: runtime("events") },
      { label: "Active Policy", icon: IconAdjustments, to: runtime("policy") },
    ],
  },
  {
    label: "Settings",
    entries: [
      { label: "Members", icon: IconUsers, to: runtime("members"), right: "member:manage" },
      { label: "Audit", icon: IconHistory, to: runtime("audit"), right: "audit:read" },
    ],
  },
];

/** Only what the person may open; a section without pages is none. */
export function permitted(sections: Section[], may: (right: Right) => boolean): Section[] {
  return sections
    .map((section) => ({ ...section, entries: section.entries.filter((entry) => !entry.right || may(entry.right)) }))
    .filter((section) => section.entries.length > 0);
}
