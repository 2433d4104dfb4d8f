import { Button } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconDownload, IconFolders, IconPencil, IconPlus, IconTrash, IconUpload } from "@tabler/icons-react";
import { useState } from "react";
import { useQuery } from "@tanstack/react-query";
import { late } from "../../components/Late";
import { Menu } from "../../components/Menu";
import { whole } from "../../api/list";
import { useMayMakeProjects, useRightsIn } from "../../api/me";
import { type Project, projects } from "../../api/projects";
import { exportBranch } from "../../api/transfer";
import { fileName } from "../../components/download";
import { Allowed } from "../../components/Allowed";
import { Empty } from "../../components/Empty";
import { Head } from "../../components/Head";
import { Filters } from "../../components/Filters";
import { NameLink } from "../../components/NameLink";
import { NameSearch, named } from "../../components/NameSearch";
import { NothingFound } from "../../components/NothingFound";
import { RowMenu } from "../../components/RowMenu";
import { type Column, Rows } from "../../components/Rows";
import { When } from "../../components/When";
import { useFilters } from "../../components/useFilters";
import { queries } from "../../queries";
import { EMPTY, PURPOSE } from "../../texts/projects";
import { useDownload } from "../transfer/useDownload";

const DeleteProject = late(async () => (await import("./acts")).DeleteProject);
const NewProject = late(async () => (await import("./acts")).NewProject);
const RenameProject = late(async () => (await import("./acts")).RenameProject);
const ImportProject = late(async () => (await import("./acts")).ImportProject);

/** What is read before the page is shown. */
export const load = () => queries.ensureQueryData(projects());

const COLUMNS: Column<Project>[] = [
  { head: "Name", cell: (project) => <NameLink to={`/projects/${project.id}`}>{project.name}</NameLink> },
  { head: "Created", width: "160px", from: "md", cell: (project) => <When at={project.createdAt} /> },
  { head: "Changed", width: "160px", from: "sm", cell: (project) => <When at={project.updatedAt} /> },
];

/** What is done with a project of the list. */
type Act = { does: "rename" | "delete" | "export"; of: Project };

const menu = (act: (act: Act) => void, may: (project: Project) => boolean) => (project: Project) => (
  <RowMenu of={project.name}>
    <Allowed right="project:manage" may={may(project)}>
      <Menu.Item leftSection={<IconPencil size={16} aria-hidden />} onClick={() => act({ does: "rename", of: project })}>
        Rename…
      </Menu.Item>
    </Allowed>
    <Menu.Item leftSection={<IconDownload size={16} aria-hidden />} onClick={() => act({ does: "export", of: project })}>
      Export main
    </Menu.Item>
    <Allowed right="project:manage" may={may(project)}>
      <Menu.Item color="var(--mantine-color-error)" leftSection={<IconTrash size={16} aria-hidden />} onClick={() => act({ does: "delete", of: project })}>
        Delete…
      </Menu.Item>
    </Allowed>
  </RowMenu>
);

/** The projects that the person can see. */
export function Page() {
  const filters = useFilters(["name"]);
  const all = useQuery(projects());
  const rows = whole(all, (project) => named(project.name, filters.values.name));
  const [making, { open, close }] = useDisclosure();
  const [act, setAct] = useState<Act>();
  const done = () => setAct(undefined);
  const [importing, importer] = useDisclosure();
  const archive = useDownload();
  const go = (chosen: Act) => {
    if (chosen.does !== "export") return setAct(chosen);
    archive.mutate({ read: () => exportBranch({ projectId: chosen.of.id, branch: "main" }), name: fileName([chosen.of.name, "main"], "tar.gz") });
  };
  const mayMake = useMayMakeProjects();
  const mayIn = useRightsIn();
  const make = (
    <Allowed right="project:manage" may={mayMake}>
      <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={open}>
        New project
      </Button>
    </Allowed>
  );
  return (
    <>
      <Head title="Projects" purpose={PURPOSE}>
        <Allowed right="project:manage" may={mayMake}>
          <Button variant="default" leftSection={<IconUpload size={16} aria-hidden />} onClick={importer.open}>
            Import…
          </Button>
        </Allowed>
        {make}
      </Head>
      {(all.data?.length ?? 0) > 0 && (
        <Filters any={filters.any} clear={filters.clear}>
          <NameSearch label="Find a project" value={filters.values.name} set={(name) => filters.type({ name })} />
        </Filters>
      )}
      <Rows
        label="Projects"
        list={rows}
        columns={COLUMNS}
        id={(project) => project.id}
        menu={menu(go, (project) => mayIn("project:manage", project))}
        empty={
          filters.any ? (
            <NothingFound clear={filters.clear} />
          ) : (
            <Empty icon={IconFolders} title="No project yet" action={make}>
              {EMPTY}
            </Empty>
          )
        }
      />
      {making && <NewProject opened onClose={close} />}
      {importing && <ImportProject onClose={importer.close} />}
      {act?.does === "rename" && <RenameProject of={act.of} onClose={done} />}
      {act?.does === "delete" && <DeleteProject of={act.of} onClose={done} />}
    </>
  );
}
