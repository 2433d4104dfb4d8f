import {
  IconAdjustments, IconAlertTriangle, IconBolt, IconDatabaseImport, IconGitCommit, IconHistory, IconListDetails, IconPlugConnected, IconSitemap, IconUsers, IconWebhook,
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

/** Entries of a section that stand under a heading of their own. */
export interface Group {
  label: string;
  icon: ComponentType<{ size?: number }>;
  entries: Entry[];
}

/** A part of the navigation. */
export interface Section {
  label: string;
  entries: (Entry | Group)[];
}

const config = (path: string) => (place: Place) => `/projects/${place.projectId}/branches/${encodeURIComponent(place.branch)}/${path}`;
const runtime = (path: string) => (place: Place) => `/projects/${place.projectId}/${path}`;

/** The pages of a project. */
export const SECTIONS: Section[] = [
  {
    label: "Config",
    entries: [
      { label: "Processes", icon: IconSitemap, to: config("processes") },
      { label: "Integrations", icon: IconPlugConnected, entries: [{ label: "Data Sources", icon: IconDatabaseImport, to: config("data-sources") }] },
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
  const open = (entry: Entry) => !entry.right || may(entry.right);
  const kept = (line: Entry | Group): (Entry | Group)[] => {
    if (!isGroup(line)) return open(line) ? [line] : [];
    const entries = line.entries.filter(open);
    return entries.length > 0 ? [{ ...line, entries }] : [];
  };
  return sections.map((section) => ({ ...section, entries: section.entries.flatMap(kept) })).filter((section) => section.entries.length > 0);
}

/** Whether a line is a heading with pages under it. */
export function isGroup(line: Entry | Group): line is Group {
  return "entries" in line;
}

/** Every page of a section, with the headings that it stands under. */
export function pagesIn(section: Section): { entry: Entry; under: string }[] {
  return section.entries.flatMap((line) =>
    isGroup(line) ? line.entries.map((entry) => ({ entry, under: `${section.label} / ${line.label}` })) : [{ entry: line, under: section.label }],
  );
}
