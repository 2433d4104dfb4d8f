import { useMediaQuery } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import { useMay } from "../../api/me";
import { bpmn, process } from "../../api/processes";
import { Head } from "../../components/Head";
import { Loading } from "../../components/Silence";
import { Trouble } from "../../components/Trouble";
import { queries } from "../../queries";
import { useParam, usePlace } from "../../shell/place";
import { Workbench } from "../../designer/Workbench";
import { DESIGNER } from "../../texts/designer";
import { ReadOnly } from "./ReadOnly";

const placeOf = ({ projectId = "", branch = "" }: Record<string, string>) => ({ projectId, branch });

/** What is read before the page is shown. */
export const load = (params: Record<string, string>) =>
  Promise.all([
    queries.ensureQueryData(process(placeOf(params), params["processId"] ?? "")),
    queries.ensureQueryData(bpmn(placeOf(params), params["processId"] ?? "")),
  ]);

/** Draws a process; in a narrow window, shows it. */
export function Page() {
  const place = usePlace();
  const id = useParam("processId");
  const one = useQuery(process(place, id));
  const file = useQuery(bpmn(place, id));
  const narrow = useMediaQuery("(max-width: 899px)", undefined, { getInitialValueInEffect: false }) ?? false;
  const mayDraw = useMay("resource:write");
  const error = one.error ?? file.error;
  if (!one.data || !file.data) {
    return (
      <>
        <Head crumbs={[{ label: "Processes", to: `/projects/${place.projectId}/branches/${place.branch}/processes` }]} title="Process" />
        {error ? <Trouble error={error} again={() => void Promise.all([one.refetch(), file.refetch()])} /> : <Loading of={[one, file]} height="60vh" />}
      </>
    );
  }
  if (!mayDraw) return <ReadOnly place={place} definition={one.data.value} file={file.data} why={DESIGNER.mayNot} />;
  return <Either key={`${place.branch} ${id}`} narrow={narrow} place={place} definition={one.data.value} file={file.data} />;
}

function Either(props: { narrow: boolean } & Parameters<typeof Workbench>[0]) {
  const { narrow, ...rest } = props;
  // what is not saved outlives a window that is made narrow
  return <Workbench {...rest} narrow={narrow} instead={<ReadOnly place={rest.place} definition={rest.definition} file={rest.file} why={DESIGNER.narrow} />} />;
}
