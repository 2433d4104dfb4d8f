import { Anchor, Button, Skeleton, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconAlertTriangle, IconCheck, IconDownload, IconPencil, IconPlus, IconSitemap, IconTrash } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { late } from "../../components/Late";
import { Menu } from "../../components/Menu";
import { toast } from "../../components/toast";
import { whole } from "../../api/list";
import { type ProcessDefinition, bpmn, branchCheck, processes } from "../../api/processes";
import { said } from "../../api/refusal";
import type { Use } from "../../api/uses";
import { changes } from "../../api/versions";
import { Allowed } from "../../components/Allowed";
import { Empty } from "../../components/Empty";
import { Filters } from "../../components/Filters";
import { Head } from "../../components/Head";
import { NameSearch, named } from "../../components/NameSearch";
import { NothingFound } from "../../components/NothingFound";
import { RowMenu } from "../../components/RowMenu";
import { type Column, Rows } from "../../components/Rows";
import { When } from "../../components/When";
import { download } from "../../components/download";
import { useFilters } from "../../components/useFilters";
import { askOnce, queries } from "../../queries";
import { type Place, usePlace } from "../../shell/place";
import { useSaid } from "../../shell/useSaid";
import { EMPTY, PURPOSE } from "../../texts/processes";
import { AuthorName } from "../versions/AuthorName";

const DeleteProcess = late(async () => (await import("./acts")).DeleteProcess);
const NewProcess = late(async () => (await import("./acts")).NewProcess);
const RenameProcess = late(async () => (await import("./acts")).RenameProcess);

/** What is read before the page is shown. */
export const load = ({ projectId = "", branch = "" }: Record<string, string>) => queries.ensureQueryData(processes({ projectId, branch }));

const path = (place: Place, id: string) => `/projects/${place.projectId}/branches/${place.branch}/processes/${id}`;

const columns = (place: Place): Column<ProcessDefinition>[] => [
  {
    head: "Name",
    cell: (one) => (
      <Anchor component={Link} to={path(place, one.resourceDefinitionId)} size="sm" fw={500} display="block" truncate maw={{ base: 150, sm: 340 }} title={one.name}>
        {one.name}
      </Anchor>
    ),
  },
  { head: "Started by", from: "sm", cell: (one) => <StartedBy place={place} own={one.startedBy} /> },
  { head: "Problems", width: "140px", cell: (one) => <ProblemsOf place={place} id={one.resourceDefinitionId} /> },
  { head: "Changed", width: "240px", from: "sm", cell: (one) => <Changed place={place} one={one} /> },
];

/** When it was changed, and by whom where no commit has taken the change yet. */
function Changed({ place, one }: { place: Place; one: ProcessDefinition }) {
  const found = useQuery(changes(place));
  const author = found.data?.value.items.find((change) => change.resourceDefinitionId === one.resourceDefinitionId)?.changedBy;
  return (
    <Text size="sm" truncate>
      <When at={one.updatedAt} />
      {author && (
        <>
          {" by "}
          <AuthorName author={author} />
        </>
      )}
    </Text>
  );
}

/** The webhooks that start a process, each as a link. */
function StartedBy({ place, own }: { place: Place; own: Use[] }) {
  if (own.length === 0) {
    return (
      <Text size="sm" c="dimmed">
        No webhook
      </Text>
    );
  }
  return (
    <Text size="sm" truncate title={own.map((source) => source.name).join(", ")}>
      {own.map((source, at) => (
        <span key={source.id}>
          {at > 0 && ", "}
          <Anchor size="sm" component={Link} to={`/projects/${place.projectId}/branches/${place.branch}/data-sources/${source.id}`}>
            {source.name}
          </Anchor>
        </span>
      ))}
    </Text>
  );
}

/** How many problems keep a process from being committed. */
function ProblemsOf({ place, id }: { place: Place; id: string }) {
  const found = useQuery(branchCheck(place));
  if (found.isError) return <Text size="sm">unknown</Text>;
  if (!found.data) return <Skeleton height={16} width={80} />;
  const own = found.data.problems.filter((problem) => problem.resourceDefinitionId === id);
  const errors = own.filter((problem) => problem.severity === "error").length;
  const [Icon, words, color] =
    errors > 0
      ? [IconAlertTriangle, errors === 1 ? "1 error" : `${errors} errors`, "var(--mantine-color-error)"]
      : own.length > 0
        ? [IconAlertTriangle, own.length === 1 ? "1 warning" : `${own.length} warnings`, "var(--mantine-color-dimmed)"]
        : [IconCheck, "None", "var(--mantine-color-dimmed)"];
  return (
    <Text size="sm" style={{ color, whiteSpace: "nowrap" }} title={own.map((problem) => problem.message).join("\n")}>
      <Icon size={14} aria-hidden style={{ verticalAlign: "-2px", marginRight: 4 }} />
      {words}
    </Text>
  );
}

async function exportFile(place: Place, one: ProcessDefinition): Promise<void> {
  try {
    const file = await askOnce(bpmn(place, one.resourceDefinitionId));
    download(new Blob([file.value], { type: "application/xml" }), `${one.name}.bpmn`);
  } catch (error) {
    toast({ title: one.name, message: said(error) });
  }
}

interface Acts {
  rename: (one: ProcessDefinition) => void;
  leave: (one: ProcessDefinition) => void;
}

const menu = (place: Place, { rename, leave }: Acts) => (one: ProcessDefinition) => (
  <RowMenu of={one.name}>
    <Allowed right="resource:write">
      <Menu.Item leftSection={<IconPencil size={16} aria-hidden />} onClick={() => rename(one)}>
        Rename…
      </Menu.Item>
    </Allowed>
    <Menu.Item leftSection={<IconDownload size={16} aria-hidden />} onClick={() => void exportFile(place, one)}>
      Export as .bpmn
    </Menu.Item>
    <Allowed right="resource:write">
      <Menu.Item color="var(--mantine-color-error)" leftSection={<IconTrash size={16} aria-hidden />} onClick={() => leave(one)}>
        Delete…
      </Menu.Item>
    </Allowed>
  </RowMenu>
);

/** The processes of a branch. */
export function Page() {
  const place = usePlace();
  const navigate = useNavigate();
  const filters = useFilters(["name"]);
  const all = useQuery(processes(place));
  const rows = whole(all, (one) => named(one.name, filters.values.name));
  const [making, { open, close }] = useDisclosure(useSaid("making"));
  const [renaming, rename] = useState<ProcessDefinition>();
  const [leaving, leave] = useState<ProcessDefinition>();
  const make = (
    <Allowed right="resource:write">
      <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={open}>
        New process
      </Button>
    </Allowed>
  );
  return (
    <>
      <Head title="Processes" purpose={PURPOSE}>
        {make}
      </Head>
      {(all.data?.length ?? 0) > 0 && (
        <Filters any={filters.any} clear={filters.clear}>
          <NameSearch label="Find a process" value={filters.values.name} set={(name) => filters.type({ name })} />
        </Filters>
      )}
      <Rows
        label="Processes"
        list={rows}
        columns={columns(place)}
        id={(one) => one.resourceDefinitionId}
        menu={menu(place, { rename, leave })}
        empty={
          filters.any ? (
            <NothingFound clear={filters.clear} />
          ) : (
            <Empty icon={IconSitemap} title="No process yet" action={make}>
              {EMPTY}
            </Empty>
          )
        }
      />
      {making && <NewProcess opened onClose={close} onMade={(made) => void navigate({ to: path(place, made.resourceDefinitionId) })} />}
      {renaming && <RenameProcess place={place} definition={renaming} onClose={() => rename(undefined)} />}
      {leaving && <DeleteProcess place={place} definition={leaving} onClose={() => leave(undefined)} />}
    </>
  );
}
