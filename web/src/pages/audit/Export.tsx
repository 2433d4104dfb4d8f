import { Button } from "@mantine/core";
import { IconChevronDown, IconDownload } from "@tabler/icons-react";
import { Menu } from "../../components/Menu";
import { type AuditFilters, exportAddress } from "../../api/audit";

/** The entries that fit the filters, as a file. The browser fetches it itself, so that its length costs the page nothing. */
export function Export({ projectId, filters }: { projectId: string; filters: AuditFilters }) {
  const item = (format: "ndjson" | "csv", label: string) => (
    <Menu.Item component="a" href={exportAddress(projectId, format, filters)} download={`audit.${format}`}>
      {label}
    </Menu.Item>
  );
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <Button variant="default" leftSection={<IconDownload size={16} aria-hidden />} rightSection={<IconChevronDown size={14} aria-hidden />}>
          Export
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {item("ndjson", "NDJSON: one entry a line")}
        {item("csv", "CSV: for spreadsheets")}
      </Menu.Dropdown>
    </Menu>
  );
}
