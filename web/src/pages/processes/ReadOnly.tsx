import { Alert, Text } from "@mantine/core";
import { useSearch } from "@tanstack/react-router";
import { useState } from "react";
import type { Tagged } from "../../api/client";
import type { ProcessDefinition } from "../../api/processes";
import { Diagram } from "../../components/diagram/Diagram";
import { Head } from "../../components/Head";
import type { Place } from "../../shell/place";

/** A process to look at; `why` it cannot be drawn here. */
export function ReadOnly({ place, definition, file, why }: { place: Place; definition: ProcessDefinition; file: Tagged<string>; why: string }) {
  const { element } = useSearch({ strict: false }) as { element?: string };
  const [selected, select] = useState(element);
  return (
    <>
      <Head crumbs={[{ label: "Processes", to: `/projects/${place.projectId}/branches/${place.branch}/processes` }]} title={definition.name} />
      <Alert variant="light" color="gray" mb="sm">
        <Text size="sm">{why}</Text>
      </Alert>
      <Diagram xml={file.value} label={`Process ${definition.name}`} selected={selected} onSelect={select} height="60vh" />
    </>
  );
}
