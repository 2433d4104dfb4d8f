import { Alert, Button, Code, Text } from "@mantine/core";
import { IconAlertTriangle, IconRefresh } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { type Act, useAct } from "../../api/commands";
import { FAILED_NOUN } from "../../api/failedTriggers";
import { INSTANCE_NOUN, type Incident, type InstanceDetail, type OpenIncident, openIncidents, retryIncident } from "../../api/instances";
import { Allowed } from "../../components/Allowed";
import { Outcome } from "../../components/Outcome";
import { Part } from "../../components/Part";
import { NOT_BEGUN, RETRIED } from "../../texts/instances";

/** What keeps the instance from going on. */
export function Incidents({ run, projectId }: { run: InstanceDetail; projectId: string }) {
  const retry = useAct(projectId, [INSTANCE_NOUN, FAILED_NOUN, "events"], (incidentId: string) => retryIncident(projectId, incidentId));
  const open = useQuery({ ...openIncidents(projectId, run.id, run.updatedAt), enabled: run.incidents.length > 0 });
  if (run.incidents.length === 0) return <Outcome act={retry} doing="Retrying" done={RETRIED} />;
  const known = new Map((open.data?.items ?? []).map((one) => [one.number, one]));
  return (
    <Part title={run.incidents.length === 1 ? "Incident" : `${run.incidents.length} incidents`}>
      {run.incidents.map((incident) => (
        <One key={incident.number} incident={incident} open={known.get(incident.number)} retry={retry} />
      ))}
      <Outcome act={retry} doing="Retrying" done={RETRIED} />
    </Part>
  );
}

function One({ incident, open, retry }: { incident: Incident; open: OpenIncident | undefined; retry: Act<string> }) {
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
      {open?.canRetry && (
        <Allowed right="runtime:operate">
          <Button size="xs" mt="xs" leftSection={<IconRefresh size={14} aria-hidden />} loading={retry.busy} onClick={() => retry.start(open.id)}>
            Retry
          </Button>
        </Allowed>
      )}
      {open && !open.canRetry && (
        <Text size="sm" mt="xs">
          {NOT_BEGUN}
        </Text>
      )}
      {incident.expression && (
        <Code block mt="xs">
          {incident.expression}
        </Code>
      )}
    </Alert>
  );
}
