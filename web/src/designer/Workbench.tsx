import { Box } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useSearch } from "@tanstack/react-router";
import { type ReactNode, useRef, useState } from "react";
import type { Tagged } from "../api/client";
import { type ProcessDefinition, bpmn } from "../api/processes";
import { Refusal } from "../api/refusal";
import { changes } from "../api/versions";
import { Trouble } from "../components/Trouble";
import { zoom } from "../components/diagram/viewer";
import { ZoomButtons } from "../components/diagram/ZoomButtons";
import type { Place } from "../shell/place";
import { DESIGNER } from "../texts/designer";
import classes from "./Workbench.module.css";
import { Bottom } from "./Bottom";
import { Conflict } from "./Conflict";
import { Deleted } from "./Deleted";
import { Leaving } from "./Leaving";
import { Notices } from "./Notices";
import { Panel } from "./panel/Panel";
import { Refused, Replace, useReplacing } from "./Replacing";
import { Shortcuts } from "./Shortcuts";
import { Toolbar } from "./Toolbar";
import { useCheck } from "./useCheck";
import { settle, useDesigner } from "./useDesigner";
import { useKeys } from "./useKeys";
import { useProblemMarks } from "./useProblemMarks";
import { useCrashCopy, useSave } from "./useSave";

/** What the designer is opened with. */
export interface WorkbenchProps {
  place: Place;
  definition: ProcessDefinition;
  /** The file as it was last read. */
  file: Tagged<string>;
  /** There is no room to draw. */
  narrow?: boolean;
  /** What is shown where there is no room, as long as nothing is lost by it. */
  instead?: ReactNode;
}

const isMissing = (error: unknown) => error instanceof Refusal && error.status === 404;
const nothing = () => Promise.resolve(false);

/** Canvas, panel, problems: a process is drawn here. */
export function Workbench({ place, definition, file, narrow = false, instead }: WorkbenchProps) {
  const id = definition.resourceDefinitionId;
  const box = useRef<HTMLDivElement>(null);
  const [first] = useState(file);
  const { element } = useSearch({ strict: false }) as { element?: string };
  const { designer, stored, refused, acts } = useDesigner(box, first.value, element);
  const saving = useSave({ place, id, first, acts });
  const replacing = useReplacing(designer, acts);
  const checked = useCheck(place, id, designer, acts);
  const [help, setHelp] = useState(false);
  const drop = useCrashCopy({ place, id, designer, acts, etag: saving.etag });
  useProblemMarks(designer?.modeler, checked.problems);
  const panel = useRef<HTMLDivElement>(null);
  const cross = () => {
    const canvas = box.current?.querySelector<SVGElement>("svg[tabindex]");
    (box.current?.contains(document.activeElement) ? panel.current : canvas)?.focus();
  };
  useKeys({ save: designer ? saving.save : nothing, help: () => setHelp(true), cross });
  const dirty = designer?.dirty ?? false;
  const open = useQuery(changes(place)).data?.value.items.some((change) => change.resourceDefinitionId === id) ?? false;
  const commit = designer && !dirty && open ? `/projects/${place.projectId}/branches/${encodeURIComponent(place.branch)}/versions` : undefined;
  const shown = narrow && !dirty;
  const missing = useQuery(bpmn(place, id)).error;
  const deleted = isMissing(missing) || isMissing(saving.error);
  return (
    <>
      {shown && instead}
      <Box className={classes["bench"] ?? ""} display={shown ? "none" : undefined}>
        <Toolbar {...{ place, definition, designer, acts, saving, stored, replacing, commit }} help={() => setHelp(true)} />
        <Notices {...{ place, id, designer, acts, saving, replacing, file, narrow }} />
        {deleted ? <Deleted place={place} name={definition.name} acts={acts} drop={drop} /> : <Trouble error={saving.error} />}
        <Trouble error={stored && new Error(`The stored file of this process cannot be drawn (${stored}). ${DESIGNER.unreadable}`)} />
        <Refused why={refused} close={() => acts.refuse(undefined)} />
        <Box className={classes["middle"] ?? ""}>
          <Box className={`forebay-diagram ${classes["canvas"] ?? ""}`} inert={stored !== undefined}>
            <Box ref={box} h="100%" />
            {designer && <ZoomButtons closer={() => zoom(designer.modeler, 1.25)} farther={() => zoom(designer.modeler, 0.8)} whole={() => settle(designer.modeler)} />}
          </Box>
          <Box component="aside" ref={panel} aria-label="Properties" className={classes["panel"] ?? ""} tabIndex={-1}>
            {designer && <Panel designer={designer} problems={checked.problems} />}
          </Box>
        </Box>
        <Bottom place={place} id={id} checked={checked} acts={acts} designer={designer} commit={commit} />
      </Box>
      <Leaving dirty={dirty} save={saving.save} drop={drop} name={definition.name} />
      <Conflict saving={saving} acts={acts} name={definition.name} />
      <Replace replacing={replacing} name={definition.name} />
      <Shortcuts opened={help} onClose={() => setHelp(false)} />
    </>
  );
}
