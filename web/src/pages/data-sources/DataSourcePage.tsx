import { Button, Grid, Stack } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconTrash } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { dataSource } from "../../api/dataSources";
import { late } from "../../components/Late";
import { Allowed } from "../../components/Allowed";
import { Head } from "../../components/Head";
import { Loading } from "../../components/Silence";
import { Trouble } from "../../components/Trouble";
import { queries } from "../../queries";
import { useParam, usePlace } from "../../shell/place";
import { useSaid } from "../../shell/useSaid";
import { PURPOSE } from "../../texts/dataSources";
import { Made } from "./Made";
import { Requests } from "./Requests";
import { SettingsForm } from "./SettingsForm";
import { Surroundings } from "./Surroundings";

const DeleteDataSource = late(async () => (await import("./DeleteDataSource")).DeleteDataSource);

/** What is read before the page is shown. */
export const load = ({ projectId = "", branch = "", resourceDefinitionId = "" }: Record<string, string>) =>
  queries.ensureQueryData(dataSource({ projectId, branch }, resourceDefinitionId));

/** One incoming webhook. */
export function Page() {
  const place = usePlace();
  const id = useParam("resourceDefinitionId");
  const navigate = useNavigate();
  const read = useQuery(dataSource(place, id));
  const made = useSaid("made");
  const [leaving, { open, close }] = useDisclosure();
  const list = `/projects/${place.projectId}/branches/${place.branch}/data-sources`;
  const crumbs = [{ label: "Integrations" }, { label: "Data Sources", to: list }];
  if (!read.data) {
    return (
      <>
        <Head crumbs={crumbs} title="Data source" purpose={PURPOSE} />
        {read.error ? <Trouble error={read.error} again={() => void read.refetch()} /> : <Loading of={read} height={320} />}
      </>
    );
  }
  const source = read.data.value;
  return (
    <>
      <Head crumbs={crumbs} title={source.name} purpose="Incoming Webhook: POST requests with JSON of at most 1 MB. No connection settings, credentials or polling.">
        <Allowed right="resource:write">
          <Button variant="default" leftSection={<IconTrash size={16} aria-hidden />} onClick={open}>
            Delete…
          </Button>
        </Allowed>
      </Head>
      {made && source.usedBy.length === 0 && <Made place={place} />}
      <Grid gap="lg">
        <Grid.Col span={{ base: 12, lg: 7 }}>
          <SettingsForm key={id} place={place} read={read.data} />
        </Grid.Col>
        <Grid.Col span={{ base: 12, lg: 5 }}>
          <Stack>
            <Surroundings place={place} source={source} />
            <Requests place={place} id={id} />
          </Stack>
        </Grid.Col>
      </Grid>
      {leaving && <DeleteDataSource place={place} source={source} onClose={close} onDeleted={() => void navigate({ to: list, ignoreBlocker: true })} />}
    </>
  );
}
