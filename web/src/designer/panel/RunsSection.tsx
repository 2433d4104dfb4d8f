import { Select } from "../../components/Select";
import { part } from "../../components/diagram/moddle";
import { DESIGNER } from "../../texts/designer";
import { model, processes, runs } from "../properties";
import type { SectionProps } from "./Panel";

/** Which process of a file with several is the one that runs. */
export function RunsSection({ designer, element, write }: SectionProps) {
  const all = processes(designer.modeler.getDefinitions());
  const here = element.type === "bpmn:Participant" ? part(model(element), "processRef") : model(element);
  if (all.length < 2 || !here || !/:(Process|Collaboration)$/.test(here.$type)) return null;
  const marked = all.filter((one) => runs(one.process));
  return (
    <Select
      label="Process that runs"
      description={DESIGNER.runs}
      data={all.map(({ process, name }) => ({ value: process.id ?? "", label: name }))}
      value={marked.length === 1 ? (marked[0]?.process.id ?? null) : null}
      placeholder="Choose the one that runs"
      allowDeselect={false}
      required
      onChange={(id) => write.runs(element, all.map((one) => one.process), id ?? "")}
    />
  );
}
