import { Stack, Text, Title } from "@mantine/core";
import { Code } from "../../components/code/Code";
import { text } from "../../components/diagram/moddle";
import { DESIGNER } from "../../texts/designer";
import { model } from "../properties";
import { useComplaints } from "./complaints";
import { useKnown } from "./known";
import type { SectionProps } from "./Panel";

/** The JavaScript of a script task. */
export function ScriptSection({ designer, element, write, problems }: SectionProps) {
  const known = useKnown(designer, true);
  const complaints = useComplaints(problems);
  return (
    <Stack gap={6} component="section" aria-labelledby="script" onBlur={() => designer.edits.end()}>
      <Title order={3} id="script">
        Script
      </Title>
      <Text size="xs" c="dimmed">
        {DESIGNER.script}
      </Text>
      <Code
        label="Script"
        hint={DESIGNER.scriptHint}
        value={text(model(element), "script")}
        onChange={(script) => write.script(element, script)}
        complaints={complaints}
        known={known}
        minHeight={160}
      />
    </Stack>
  );
}
