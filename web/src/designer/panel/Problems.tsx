import { Alert, Stack, Text } from "@mantine/core";
import { IconAlertTriangle, IconInfoCircle } from "@tabler/icons-react";
import type { CheckProblem } from "../../api/processes";

/** What the check says of one element, in the panel. Errors of JavaScript stand in its editor besides. */
export function Problems({ problems }: { problems: CheckProblem[] }) {
  if (problems.length === 0) return null;
  return (
    <Stack gap={6}>
      {problems.map((problem) => (
        <Alert key={`${problem.code} ${problem.message}`} variant="light" color={problem.severity === "error" ? "red" : "yellow"} icon={icon(problem)} p="xs">
          <Text size="sm" style={{ overflowWrap: "anywhere" }}>
            {problem.message}
          </Text>
        </Alert>
      ))}
    </Stack>
  );
}

function icon(problem: CheckProblem) {
  return problem.severity === "error" ? <IconAlertTriangle size={16} aria-label="Error" /> : <IconInfoCircle size={16} aria-label="Warning" />;
}
