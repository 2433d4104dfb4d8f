import { Text } from "@mantine/core";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { commitPreview } from "../../api/versions";
import { PlanList, planned } from "../../components/PlanList";
import { Trouble } from "../../components/Trouble";
import type { Place } from "../../shell/place";
import { NOT_RUNNING_AFTER } from "../../texts/versions";
import { Problems } from "./Problems";

/** What the commit would do: problems that keep it from being made, and what happens to triggers. */
export function Preview({ place, etag, chosen }: { place: Place; etag: string; chosen: string[] }) {
  const read = useQuery({ ...commitPreview(place, etag, chosen), placeholderData: keepPreviousData });
  if (chosen.length === 0 || !read.data) return <Trouble error={read.error} />;
  const { running, triggers, problems } = read.data;
  return (
    <>
      <Problems place={place} problems={problems} />
      {!running && (
        <Text size="sm" c="dimmed">
          {NOT_RUNNING_AFTER}
        </Text>
      )}
      {running && planned(triggers) > 0 && <PlanList plan={triggers} />}
    </>
  );
}
