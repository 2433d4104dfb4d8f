import { useQuery } from "@tanstack/react-query";
import type { Brought } from "../../api/branches";
import { committedBpmn, compared, draftBpmn } from "../../api/versions";
import { Loading } from "../../components/Silence";
import { Trouble } from "../../components/Trouble";
import type { Place } from "../../shell/place";
import { DifferenceView } from "../versions/DifferenceView";

interface BothProps {
  place: Place;
  commitId: string;
  of: Brought;
  versions: { before: string; now: string };
}

/** What taking theirs would change here. */
export function Both({ place, commitId, of, versions }: BothProps) {
  const id = of.resourceDefinitionId;
  const process = of.kind === "process-definition";
  const read = useQuery(compared(place.projectId, id, versions));
  const now = useQuery({ ...committedBpmn(place.projectId, commitId, id), enabled: process });
  const before = useQuery({ ...draftBpmn(place, id), enabled: process });
  const error = read.error ?? now.error ?? before.error;
  if (error) return <Trouble error={error} />;
  if (!read.data) return <Loading of={[read, now, before]} height={240} />;
  return <DifferenceView difference={read.data} files={{ now: now.data, before: before.data }} names={{ before: "Mine", now: "Theirs" }} />;
}
