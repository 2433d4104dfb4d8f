import { Button, SegmentedControl } from "@mantine/core";
import { IconListDetails } from "@tabler/icons-react";
import { Link, useNavigate } from "@tanstack/react-router";
import { instances } from "../../api/instances";
import { useList } from "../../api/list";
import { Empty } from "../../components/Empty";
import { Head } from "../../components/Head";
import { Rows } from "../../components/Rows";
import { useFilters } from "../../components/useFilters";
import { type Place, usePlace } from "../../shell/place";
import { EMPTY, EMPTY_FILTERED, INCIDENTS_PURPOSE, PURPOSE } from "../../texts/instances";
import { columns } from "./columns";
import { Counts } from "./Counts";
import { InstanceFilters, NAMES, query } from "./filters";
import { OpenIncidents } from "./OpenIncidents";

/** The view of the incidents of all instances. */
const INCIDENTS = "incidents";

/** Runs of processes, or what keeps them from going on. */
export function Page() {
  const place = usePlace();
  const view = useFilters(["view"]);
  const incidents = view.values.view === INCIDENTS;
  const navigate = useNavigate();
  const show = (value: string) => void navigate({ to: ".", search: value === INCIDENTS ? { view: INCIDENTS } : {}, replace: true });
  return (
    <>
      <Head title="Process Instances" purpose={incidents ? INCIDENTS_PURPOSE : PURPOSE}>
        <SegmentedControl
          size="sm"
          aria-label="What is listed"
          value={incidents ? INCIDENTS : "all"}
          onChange={show}
          data={[
            { value: "all", label: "Instances" },
            { value: INCIDENTS, label: "Open incidents" },
          ]}
        />
      </Head>
      {incidents ? <OpenIncidents place={place} /> : <Instances place={place} />}
    </>
  );
}

function Instances({ place }: { place: Place }) {
  const { projectId } = place;
  const filters = useFilters(NAMES);
  const list = useList(instances(projectId, () => query(filters.values), filters.values));
  return (
    <>
      <InstanceFilters place={place} filters={filters} />
      <Counts projectId={projectId} values={filters.values} set={(status) => filters.set({ status })} />
      <Rows
        label="Process instances"
        list={list}
        columns={columns(projectId)}
        id={(instance) => instance.id}
        empty={
          filters.any ? (
            <Empty icon={IconListDetails} title="Nothing found" action={<Button onClick={filters.clear}>Clear filters</Button>}>
              {EMPTY_FILTERED}
            </Empty>
          ) : (
            <Empty
              icon={IconListDetails}
              title="No instance yet"
              action={
                <Button component={Link} to={`/projects/${projectId}/triggers`}>
                  To the triggers
                </Button>
              }
            >
              {EMPTY}
            </Empty>
          )
        }
      />
    </>
  );
}
