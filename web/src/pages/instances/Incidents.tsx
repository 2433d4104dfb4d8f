import { Alert, Code, Text } from "@mantine/core";
import { IconAlertTriangle } from "@tabler/icons-react";
import type { Incident, InstanceDetail } from "../../api/instances";
import { Part } from "../../components/Part";

/** What keeps the instance from going on. */
export function Incidents({ run }: { run: InstanceDetail; projectId: string }) {
  if (run.incidents.length === 0) return null;
  return (
    <Part title={run.incidents.length === 1 ? "Incident" : `${run.incidents.length} incidents`}>
      {run.incidents.map((incident) => (
        <One key={incident.number} incident={incident} />
      ))}
    </Part>
  );
}

function One({ incident }: { incident: Incident }) {
  const at = incident.line ? `line ${incident.line}${incident.column ? `, column ${incident.column}` : ""}` : "";
  return (
    <Alert color="red" variant="default" icon={<IconAlertTriangle size={18} color="var(--mantine-color-error)" aria-hidden />}>
      <Text size="sm" style={{ overflowWrap: "anywhere", whiteSpace: "pre-wrap" }}>
        <bdi>{incident.message}</bdi>
      </Text>
      <Text size="xs" mt={4}>
        <Code>{incident.code}</Code> at <Code>{incident.elementId}</Code>
        {incident.flowId && (
          <>
            {" on the flow "}
            <Code>{incident.flowId}</Code>
          </>
        )}
        {at && ` · ${at}`}
      </Text>
      {incident.expression && (
        <Code block mt="xs">
          {incident.expression}
        </Code>
      )}
    </Alert>
  );
}
