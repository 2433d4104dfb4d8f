import { Anchor, Button } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconFolders, IconPlus } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { api, body } from "../../api/client";
import { listOptions, useList } from "../../api/list";
import { Empty } from "../../components/Empty";
import { Head } from "../../components/Head";
import { type Column, Rows } from "../../components/Rows";
import { When } from "../../components/When";
import type { components } from "#schema";
import { queries } from "../../queries";
import { NewProject } from "./NewProject";

type Project = components["schemas"]["Project"];

const list = () =>
  listOptions<Project>(["projects", "list"], (query, signal) => body(api.GET("/api/v1/projects", { params: { query }, signal })));

/** What is read before the page is shown. */
export const load = () => queries.ensureInfiniteQueryData(list());

const COLUMNS: Column<Project>[] = [
  {
    head: "Name",
    cell: (project) => (
      <Anchor component={Link} to={`/projects/${project.id}`} fw={500}>
        {project.name}
      </Anchor>
    ),
  },
  { head: "Changed", width: "160px", cell: (project) => <When at={project.updatedAt} /> },
];

/** The projects that the person can see. */
export function Page() {
  const rows = useList(list());
  const [opened, { open, close }] = useDisclosure();
  const make = (
    <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={open}>
      New project
    </Button>
  );
  return (
    <>
      <Head title="Projects" purpose="A project holds webhooks, the processes that they start, and what became of each event.">
        {make}
      </Head>
      <Rows
        label="Projects"
        list={rows}
        columns={COLUMNS}
        id={(project) => project.id}
        empty={
          <Empty icon={IconFolders} title="No project yet" action={make}>
            Make one, add a webhook to it, draw the process that it starts.
          </Empty>
        }
      />
      <NewProject opened={opened} onClose={close} />
    </>
  );
}
