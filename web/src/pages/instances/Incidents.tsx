import { Alert, Anchor, Button, Code, Text } from "@mantine/core";
import { IconAlertTriangle, IconRefresh } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { type Act, useAct } from "../../api/commands";
import { FAILED_NOUN } from "../../api/failedTriggers";
import { INSTANCE_NOUN, type Incident, type InstanceDetail, type OpenIncident, openIncidents, retryIncident } from "../../api/instances";
import { Allowed } from "../../components/Allowed";
import { ElementName } from "../../components/ElementName";
import type { Named } from "../../components/elements";
import { Outcome } from "../../components/Outcome";
import { Part } from "../../components/Part";
import { Way } from "../../components/Way";
import type { Place } from "../../shell/place";
import { NOT_BEGUN, RETRIED } from "../../texts/instances";
import { processPath } from "../data-sources/UsedBy";

/** What keeps the instance from going on. */
export function Incidents({ run, place, names }: { run: InstanceDetail; place: Place; names: Map<string, Named> }) {
  const { projectId } = place;
  const where = ({ elementId }: Incident) => ({ element: { name: "", ...names.get(elementId), id: elementId }, to: processPath(place, run.processDefinitionId, elementId) });
  const retry = useAct(projectId, [INSTANCE_NOUN, FAILED_NOUN, "events"], (incidentId: string) => retryIncident(projectId, incidentId));
  const open = useQuery({ ...openIncidents(projectId, run.id, run.updatedAt), enabled: run.incidents.length > 0 });
  if (run.incidents.length === 0) return <Outcome act={retry} doing="Retrying" done={RETRIED} />;
  const known = new Map((open.data?.items ?? []).map((one) => [one.number, one]));
  return (
    <Part title={run.incidents.length === 1 ? "Incident" : `${run.incidents.length} incidents`}>
      {run.incidents.map((incident) => (
        <One key={incident.number} incident={incident} open={known.get(incident.number)} retry={retry} at={where(incident)} />
      ))}
      <Outcome act={retry} doing="Retrying" done={RETRIED} />
    </Part>
  );
}

interface OneProps {
  incident: Incident;
  open: OpenIncident | undefined;
  retry: Act<string>;
  at: { element: Named; to: string };
}

function One({ incident, open, retry, at }: OneProps) {
  const line = incident.line ? `line ${incident.line}${incident.column ? `, column ${incident.column}` : ""}` : "";
  return (
    <Alert color="red" variant="default" icon={<IconAlertTriangle size={18} color="var(--mantine-color-error)" aria-hidden />}>
      <Text size="sm" style={{ overflowWrap: "anywhere", whiteSpace: "pre-wrap" }}>
        <bdi>{incident.message}</bdi>
      </Text>
      <Text size="xs" mt={4}>
        <Code>{incident.code}</Code> at{" "}
        <Anchor component={Way} href={at.to} size="xs" underline="always">
          <ElementName {...at.element} />
        </Anchor>
        {incident.flowId && (
          <>
            {" on the flow "}
            <Code>{incident.flowId}</Code>
          </>
        )}
        {line && ` · ${line}`}
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
