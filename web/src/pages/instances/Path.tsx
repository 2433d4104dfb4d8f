import type { UseQueryResult } from "@tanstack/react-query";
import { useMemo } from "react";
import type { InstanceDetail } from "../../api/instances";
import { Diagram } from "../../components/diagram/Diagram";
import { Part } from "../../components/Part";
import { Loading } from "../../components/Silence";
import { Trouble } from "../../components/Trouble";
import { marks } from "./trail";

/** What the diagram of an instance is drawn of. */
export interface PathProps {
  run: InstanceDetail;
  file: UseQueryResult<string>;
  selected: string | undefined;
  select: (elementId: string | undefined) => void;
}

/** The process as it runs, with the path, the tokens and the incidents painted. */
export function Path({ run, file, selected, select }: PathProps) {
  const { trail, tokens, incidents } = run;
  const painted = useMemo(() => marks({ trail, tokens, incidents }), [trail, tokens, incidents]);
  return (
    <Part title="Path">
      {file.isPending && <Loading of={file} height={360} />}
      <Trouble error={file.error} again={() => void file.refetch()} />
      {file.data !== undefined && (
        <Diagram xml={file.data} label={`Path through ${run.processName ?? "the process"}`} marks={painted} selected={selected} onSelect={select} height={320} />
      )}
    </Part>
  );
}
