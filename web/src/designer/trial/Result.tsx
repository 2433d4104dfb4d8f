import { Alert, Badge, Group, Stack, Text, UnstyledButton } from "@mantine/core";
import { IconAlertTriangle } from "@tabler/icons-react";
import { type ReactNode, useState } from "react";
import type { Trial } from "../../api/processes";
import { ElementName } from "../../components/ElementName";
import type { Named } from "../../components/elements";
import { Json } from "../../components/json/Json";
import { State } from "../../components/State";
import { placeOf } from "../panel/complaints";
import { TRY } from "../../texts/designer";
import classes from "./Try.module.css";
import { asObject, variablesAfter } from "./trial";

/** The most visits that are listed; a loop has thousands. */
const MOST = 300;

interface ResultProps {
  trial: Trial;
  elements: Map<string, Named>;
  /** What is drawn has changed since. */
  earlier: boolean;
  select: (id: string) => void;
}

/** What a trial did: the elements in order, and the variables after each. */
export function Result({ trial, elements, earlier, select }: ResultProps) {
  const [at, setAt] = useState<number>();
  const last = trial.path.length;
  const shown = Math.min(at ?? last, last);
  const choose = (visits: number, elementId: string | undefined) => {
    setAt(visits);
    if (elementId) select(elementId);
  };
  return (
    <Stack gap="xs" role="status">
      <Group gap="xs">
        <State state={trial.status} />
        {earlier && (
          <Badge variant="default" size="sm" tt="none" title={TRY.earlierHint}>
            {TRY.earlier}
          </Badge>
        )}
        <Text size="xs" c="dimmed">
          {trial.durationMs} ms{trial.truncated ? ` · ${TRY.truncated}` : ""}
        </Text>
      </Group>
      {trial.incidents.map((incident) => (
        <Alert key={incident.number} color="red" variant="light" p="xs" icon={<IconAlertTriangle size={16} aria-hidden />}>
          <Text size="sm" style={{ overflowWrap: "anywhere" }}>
            {incident.message}
            {incident.line !== null && ` (${placeOf(incident.line, incident.column)})`}
          </Text>
        </Alert>
      ))}
      <div className={classes["story"]}>
        <ol className={classes["visits"]} aria-label="The way it took">
          <Visit words="Start" chosen={shown === 0} choose={() => choose(0, undefined)} />
          {trial.path.slice(0, MOST).map((visit, index) => (
            <Visit key={visit.visit} words={<ElementName {...elements.get(visit.elementId)} name={visit.elementName} id={visit.elementId} />} chosen={shown === index + 1} choose={() => choose(index + 1, visit.elementId)} />
          ))}
          {last > MOST && (
            <li>
              <Text size="xs" c="dimmed">
                and {last - MOST} more
              </Text>
            </li>
          )}
        </ol>
        <Json text={asObject(variablesAfter(trial, shown))} label={shown === last ? "Variables at the end" : "Variables after it"} height={180} />
      </div>
    </Stack>
  );
}

function Visit({ words, chosen, choose }: { words: ReactNode; chosen: boolean; choose: () => void }) {
  return (
    <li>
      <UnstyledButton className={classes["visit"] ?? ""} aria-pressed={chosen} data-chosen={chosen || undefined} onClick={choose}>
        <Text size="sm" truncate component="span">
          {words}
        </Text>
      </UnstyledButton>
    </li>
  );
}
