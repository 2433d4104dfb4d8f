import { Anchor, Group, List, Text } from "@mantine/core";
import { IconAlertTriangle, IconCircleX } from "@tabler/icons-react";
import type { CheckProblem } from "../../api/versions";
import { Way } from "../../components/Way";
import type { Place } from "../../shell/place";
import { resourcePath } from "./words";

/** What a check found, each with the way to its element. */
export function Problems({ place, problems }: { place: Place; problems: CheckProblem[] }) {
  if (problems.length === 0) return null;
  return (
    <List size="sm" spacing={6} listStyleType="none" aria-label="Problems">
      {problems.map((problem, at) => (
        <List.Item key={`${problem.resourceDefinitionId} ${problem.elementId} ${problem.code} ${at}`}>
          <Group gap="xs" wrap="nowrap" align="flex-start">
            {problem.severity === "error" ? (
              <IconCircleX size={16} aria-label="Error" color="var(--mantine-color-error)" style={{ flex: "none", marginTop: 2 }} />
            ) : (
              <IconAlertTriangle size={16} aria-label="Warning" style={{ flex: "none", marginTop: 2 }} />
            )}
            <Text size="sm" style={{ overflowWrap: "anywhere" }}>
              <Where place={place} problem={problem} /> {problem.message}
            </Text>
          </Group>
        </List.Item>
      ))}
    </List>
  );
}

function Where({ place, problem }: { place: Place; problem: CheckProblem }) {
  const element = problem.elementName || problem.elementId;
  const words = [problem.resourceName, element, problem.line ? `line ${problem.line}` : undefined].filter(Boolean).join(" › ");
  const query = problem.elementId ? `?element=${encodeURIComponent(problem.elementId)}` : "";
  if (!words) return null;
  if (!problem.resourceDefinitionId) return <b>{words}:</b>;
  return (
    <Anchor size="sm" underline="always" component={Way} href={`${resourcePath(place, "process-definition", problem.resourceDefinitionId)}${query}`}>
      {words}:
    </Anchor>
  );
}
