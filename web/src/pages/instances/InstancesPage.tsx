import { Button } from "@mantine/core";
import { IconListDetails } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { instances } from "../../api/instances";
import { useList } from "../../api/list";
import { Empty } from "../../components/Empty";
import { Head } from "../../components/Head";
import { Rows } from "../../components/Rows";
import { useFilters } from "../../components/useFilters";
import { usePlace } from "../../shell/place";
import { EMPTY, EMPTY_FILTERED, PURPOSE } from "../../texts/instances";
import { columns } from "./columns";
import { Counts } from "./Counts";
import { InstanceFilters, NAMES, query } from "./filters";

/** Runs of processes. */
export function Page() {
  const place = usePlace();
  const { projectId } = place;
  const filters = useFilters(NAMES);
  const list = useList(instances(projectId, () => query(filters.values), filters.values));
  return (
    <>
      <Head title="Process Instances" purpose={PURPOSE} />
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
