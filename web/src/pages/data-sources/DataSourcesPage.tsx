import { Button, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconPlugConnected, IconPlus, IconTrash, IconWebhook } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { late } from "../../components/Late";
import { Menu } from "../../components/Menu";
import { type DataSource, dataSources } from "../../api/dataSources";
import { whole } from "../../api/list";
import { triggersBySource } from "../../api/uses";
import { Allowed } from "../../components/Allowed";
import { Empty } from "../../components/Empty";
import { Head } from "../../components/Head";
import { Filters } from "../../components/Filters";
import { NameLink } from "../../components/NameLink";
import { NameSearch, named } from "../../components/NameSearch";
import { NothingFound } from "../../components/NothingFound";
import { RowMenu } from "../../components/RowMenu";
import { type Column, Rows } from "../../components/Rows";
import { useFilters } from "../../components/useFilters";
import { queries } from "../../queries";
import { type Place, usePlace } from "../../shell/place";
import { EMPTY, PURPOSE } from "../../texts/dataSources";
import { TriggerState } from "./TriggerState";
import { UsedBy } from "./UsedBy";

const DeleteDataSource = late(async () => (await import("./acts")).DeleteDataSource);
const NewDataSource = late(async () => (await import("./acts")).NewDataSource);

/** What is read before the page is shown. */
export const load = ({ projectId = "", branch = "" }: Record<string, string>) => queries.ensureQueryData(dataSources({ projectId, branch }));

const columns = (place: Place): Column<DataSource>[] => [
  {
    head: "Name",
    cell: (source) => (
      <NameLink to={`/projects/${place.projectId}/branches/${place.branch}/data-sources/${source.resourceDefinitionId}`}>{source.name}</NameLink>
    ),
  },
  { head: "Kind", width: "160px", from: "sm", cell: () => <Text size="sm">Incoming Webhook</Text> },
  { head: "Used by", from: "sm", cell: (source) => <UsedBy place={place} users={source.usedBy} /> },
  { head: "Trigger", width: "136px", cell: (source) => <StateOf place={place} id={source.resourceDefinitionId} /> },
];

function StateOf({ place, id }: { place: Place; id: string }) {
  const found = useQuery(triggersBySource(place.projectId));
  return <TriggerState triggers={found.data} id={id} failed={found.isError} />;
}

const menu = (leave: (source: DataSource) => void) => (source: DataSource) => (
  <RowMenu of={source.name}>
    <Allowed right="resource:write">
      <Menu.Item color="var(--mantine-color-error)" leftSection={<IconTrash size={16} aria-hidden />} onClick={() => leave(source)}>
        Delete…
      </Menu.Item>
    </Allowed>
  </RowMenu>
);

/** Incoming webhooks of a branch. */
export function Page() {
  const place = usePlace();
  const navigate = useNavigate();
  const filters = useFilters(["name"]);
  const all = useQuery(dataSources(place));
  const rows = whole(all, (one) => named(one.name, filters.values.name));
  const [making, { open, close }] = useDisclosure();
  const [leaving, setLeaving] = useState<DataSource>();
  const made = (source: DataSource) =>
    void navigate({ to: `/projects/${place.projectId}/branches/${place.branch}/data-sources/${source.resourceDefinitionId}`, state: { made: true } });
  return (
    <>
      <Head title="Data Sources" purpose={PURPOSE}>
        <New open={open} />
      </Head>
      {(all.data?.length ?? 0) > 0 && (
        <Filters any={filters.any} clear={filters.clear}>
          <NameSearch label="Find a data source" value={filters.values.name} set={(name) => filters.type({ name })} />
        </Filters>
      )}
      <Rows
        label="Data sources"
        list={rows}
        columns={columns(place)}
        id={(source) => source.resourceDefinitionId}
        menu={menu(setLeaving)}
        empty={
          filters.any ? (
            <NothingFound clear={filters.clear} />
          ) : (
            <Empty
              icon={IconPlugConnected}
              title="No data source yet"
              action={
                <Allowed right="resource:write">
                  <Button leftSection={<IconWebhook size={16} aria-hidden />} onClick={open}>
                    New incoming webhook
                  </Button>
                </Allowed>
              }
            >
              {EMPTY}
            </Empty>
          )
        }
      />
      {making && <NewDataSource opened onClose={close} onMade={made} />}
      {leaving && <DeleteDataSource place={place} source={leaving} onClose={() => setLeaving(undefined)} onDeleted={() => setLeaving(undefined)} />}
    </>
  );
}

function New({ open }: { open: () => void }) {
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <Button leftSection={<IconPlus size={16} aria-hidden />}>New data source</Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Allowed right="resource:write">
          <Menu.Item leftSection={<IconWebhook size={16} aria-hidden />} onClick={open}>
            Incoming Webhook
          </Menu.Item>
        </Allowed>
      </Menu.Dropdown>
    </Menu>
  );
}
