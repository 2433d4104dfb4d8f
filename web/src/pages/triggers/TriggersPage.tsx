import { Alert, Button, Group, Stack, Text, useMantineTheme } from "@mantine/core";
import { useDisclosure, useMediaQuery } from "@mantine/hooks";
import { IconCheck, IconLink, IconWebhook } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { late } from "../../components/Late";
import { Select } from "../../components/Select";
import { dataSources } from "../../api/dataSources";
import { type Trigger, policy, triggers } from "../../api/triggers";
import { whole } from "../../api/list";
import { Allowed } from "../../components/Allowed";
import { Below } from "../../components/Below";
import { Confirm } from "../../components/Confirm";
import { Empty } from "../../components/Empty";
import { Filters } from "../../components/Filters";
import { Head } from "../../components/Head";
import { NameSearch, named } from "../../components/NameSearch";
import { Rows } from "../../components/Rows";
import { Trouble } from "../../components/Trouble";
import { type FilterValues, useFilters } from "../../components/useFilters";
import { queries } from "../../queries";
import { type Place, usePlace } from "../../shell/place";
import { ACTIVATED, DEACTIVATE, EMPTY, EMPTY_BELOW, EMPTY_FILTERED, PURPOSE } from "../../texts/triggers";
import { columns } from "./columns";
import { TriggerActs } from "./TriggerActs";
import { Conditions, Unlisted } from "./Unlisted";
import { useSwitch } from "./useSwitch";

const NewDataSource = late(async () => (await import("../data-sources/acts")).NewDataSource);
const UrlDialog = late(async () => (await import("./UrlDialog")).UrlDialog);

/** What is read before the page is shown. */
export const load = ({ projectId = "" }: Record<string, string>) => queries.ensureQueryData(triggers(projectId));

const NAMES = ["state", "name"] as const;

/** Webhooks at run time. */
export function Page() {
  const place = usePlace();
  const filters = useFilters(NAMES);
  const all = useQuery(triggers(place.projectId));
  const list = whole(all, (trigger) => fits(trigger, filters.values));
  const commit = useQuery(policy(place.projectId)).data?.commit?.number;
  const change = useSwitch(place.projectId);
  const [asked, setAsked] = useState<{ id: string; about: "url" | "deactivate" }>();
  const trigger = all.data?.find((one) => one.id === asked?.id);
  const close = () => setAsked(undefined);
  const wide = useMediaQuery(`(min-width: ${useMantineTheme().breakpoints.sm})`, true, { getInitialValueInEffect: false });
  const activated = change.isSuccess && change.variables.to === "Active" ? all.data?.find((one) => one.id === change.variables.id) : undefined;
  const menu = (one: Trigger) => (
    <TriggerActs
      trigger={one}
      busy={change.isPending && change.variables.id === one.id}
      activate={() => change.mutate({ id: one.id, to: "Active" })}
      deactivate={() => setAsked({ id: one.id, about: "deactivate" })}
      getUrl={() => setAsked({ id: one.id, about: "url" })}
    />
  );
  return (
    <>
      <Head title="Manage Triggers" purpose={PURPOSE} />
      {(all.data?.length ?? 0) > 0 && <TriggerFilters filters={filters} />}
      <Rows
        label="Triggers"
        list={list}
        columns={columns(place, commit)}
        id={(one) => one.id}
        empty={<NoTriggers place={place} filters={filters} />}
        menu={menu}
        {...(wide ? { menuWidth: "148px" } : {})}
      />
      <Below>
        {change.error && asked?.about !== "deactivate" && <Trouble error={change.error} />}
        {activated?.state === "Active" && <Activated trigger={activated} getUrl={() => setAsked({ id: activated.id, about: "url" })} close={change.reset} />}
      </Below>
      {all.data && !filters.any && <Unlisted place={place} listed={new Set(all.data.map((one) => one.dataSourceId))} />}
      {trigger && asked?.about === "url" && <UrlDialog trigger={trigger} projectId={place.projectId} onClose={close} />}
      <Confirm
        opened={trigger !== undefined && asked?.about === "deactivate"}
        onClose={close}
        title={`Deactivate ${trigger?.name ?? ""}?`}
        act="Deactivate"
        busy={change.isPending}
        error={change.error}
        onConfirm={() => trigger && change.mutate({ id: trigger.id, to: "Deactivated" }, { onSuccess: close })}
      >
        {DEACTIVATE}
      </Confirm>
    </>
  );
}

/** What comes after the activation. */
function Activated({ trigger, getUrl, close }: { trigger: Trigger; getUrl: () => void; close: () => void }) {
  return (
    <Alert color="basin" role="status" icon={<IconCheck size={18} aria-hidden />} withCloseButton onClose={close}>
      <Group gap="sm">
        <Text size="sm" style={{ overflowWrap: "anywhere" }}>
          <bdi>{trigger.name}</bdi> {ACTIVATED}
        </Text>
        <Allowed right="trigger:reveal-url">
          <Button size="xs" leftSection={<IconLink size={14} aria-hidden />} onClick={getUrl}>
            Get URL
          </Button>
        </Allowed>
      </Group>
    </Alert>
  );
}

function fits(trigger: Trigger, { state, name }: Record<(typeof NAMES)[number], string>): boolean {
  return (state === "" || trigger.state === state) && named(trigger.name, name);
}

function TriggerFilters({ filters }: { filters: FilterValues<(typeof NAMES)[number]> }) {
  const { values, set, type, any, clear } = filters;
  return (
    <Filters any={any} clear={clear}>
      <NameSearch label="Event name" value={values.name} set={(name) => type({ name })} />
      <Select
        aria-label="State"
        placeholder="Any state"
        data={["Active", "Deactivated"]}
        value={values.state || null}
        onChange={(state) => set({ state: state ?? "" })}
        clearable
        clearButtonProps={{ "aria-label": "Any state" }}
        w={160}
      />
    </Filters>
  );
}

function NoTriggers({ place, filters }: { place: Place; filters: FilterValues<(typeof NAMES)[number]> }) {
  if (filters.any) {
    return (
      <Empty icon={IconWebhook} title="Nothing found" action={<Button onClick={filters.clear}>Clear filters</Button>}>
        {EMPTY_FILTERED}
      </Empty>
    );
  }
  return <NoneYet place={place} />;
}

/** The seed's empty state; where there is no data source at all, the way begins here. */
function NoneYet({ place }: { place: Place }) {
  const sources = useQuery(dataSources(place)).data;
  const navigate = useNavigate();
  const [making, { open, close }] = useDisclosure();
  const list = `/projects/${place.projectId}/branches/${encodeURIComponent(place.branch)}/data-sources`;
  const begin = (
    <Stack align="center" gap="md">
      <Conditions met={0} />
      <Allowed right="resource:write">
        <Button leftSection={<IconWebhook size={16} aria-hidden />} onClick={open}>
          New incoming webhook
        </Button>
      </Allowed>
    </Stack>
  );
  return (
    <>
      <Empty icon={IconWebhook} title="No triggers yet" action={sources?.length === 0 && begin}>
        {EMPTY}
        {sources && sources.length > 0 && ` ${EMPTY_BELOW}`}
      </Empty>
      {making && <NewDataSource opened onClose={close} onMade={(made) => void navigate({ to: `${list}/${made.resourceDefinitionId}`, state: { made: true } })} />}
    </>
  );
}
