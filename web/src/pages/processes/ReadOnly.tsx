import { Alert, Text } from "@mantine/core";
import type { Tagged } from "../../api/client";
import type { ProcessDefinition } from "../../api/processes";
import { Diagram } from "../../components/diagram/Diagram";
import { Head } from "../../components/Head";
import type { Place } from "../../shell/place";

/** A process to look at; `why` it cannot be drawn here. */
export function ReadOnly({ place, definition, file, why }: { place: Place; definition: ProcessDefinition; file: Tagged<string>; why: string }) {
  return (
    <>
      <Head crumbs={[{ label: "Processes", to: `/projects/${place.projectId}/branches/${place.branch}/processes` }]} title={definition.name} />
      <Alert variant="light" color="gray" mb="sm">
        <Text size="sm">{why}</Text>
      </Alert>
      <Diagram xml={file.value} label={`Process ${definition.name}`} height="60vh" />
    </>
  );
}
