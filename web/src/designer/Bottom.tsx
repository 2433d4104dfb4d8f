import { ActionIcon, Anchor, Badge, Box, Group, Loader, Tabs, Text, UnstyledButton } from "@mantine/core";
import { IconAlertTriangle, IconChevronDown, IconChevronUp, IconInfoCircle } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import type { CheckProblem } from "../api/processes";
import { Trouble } from "../components/Trouble";
import { MESSAGE, type Place } from "../shell/place";
import { DESIGNER } from "../texts/designer";
import classes from "./Bottom.module.css";
import type { Checked } from "./useCheck";
import { placeOf } from "./panel/complaints";
import { Try } from "./trial/Try";
import type { Acts, Designer } from "./useDesigner";

interface BottomProps {
  place: Place;
  id: string;
  checked: Checked;
  acts: Acts;
  designer: Designer | undefined;
  /** Where what is saved is committed, where something is to be. */
  commit: string | undefined;
}

/** Below the canvas: what is wrong, and what it would do. */
export function Bottom({ place, id, checked, acts, designer, commit }: BottomProps) {
  const [tab, setTab] = useState<string | null>("problems");
  const toggle = (wanted: string | null) => setTab((now) => (now === wanted ? null : wanted));
  return (
    <Box className={classes["bottom"] ?? ""}>
      <Tabs value={tab} onChange={setTab} keepMounted>
        <Group justify="space-between" wrap="nowrap" gap="xs">
          <Tabs.List style={{ flex: 1 }}>
            <Tabs.Tab value="problems" rightSection={<Count checked={checked} />}>
              Problems
            </Tabs.Tab>
            <Tabs.Tab value="try">Try</Tabs.Tab>
          </Tabs.List>
          <ActionIcon variant="subtle" color="gray" aria-label={tab ? "Fold" : "Unfold"} onClick={() => toggle(tab ?? "problems")}>
            {tab ? <IconChevronDown size={16} aria-hidden /> : <IconChevronUp size={16} aria-hidden />}
          </ActionIcon>
        </Group>
        <Tabs.Panel value="problems" className={classes["inside"] ?? ""}>
          <List checked={checked} acts={acts} dirty={designer?.dirty ?? true} commit={commit} />
        </Tabs.Panel>
        <Tabs.Panel value="try" className={`${classes["inside"]} ${classes["tall"]}`}>
          {designer && <Try place={place} id={id} designer={designer} acts={acts} />}
        </Tabs.Panel>
      </Tabs>
    </Box>
  );
}

function Count({ checked }: { checked: Checked }) {
  const errors = checked.problems.filter((problem) => problem.severity === "error").length;
  const color = errors > 0 ? "red" : checked.problems.length > 0 ? "yellow" : "gray";
  if (!checked.fresh && checked.problems.length === 0) return checked.error ? null : <Loader size={12} aria-label="Checking" />;
  return (
    <Badge size="sm" variant="light" color={color} c={checked.problems.length === 0 ? "dimmed" : errors > 0 ? "var(--mark-incident)" : "var(--mark-warning)"} circle={checked.problems.length < 10}>
      {checked.problems.length}
    </Badge>
  );
}

function List({ checked, acts, dirty, commit }: { checked: Checked; acts: Acts; dirty: boolean; commit: string | undefined }) {
  if (checked.error && checked.problems.length === 0) return <Trouble error={checked.error} />;
  if (checked.problems.length === 0) {
    return (
      <Text size="sm" c="dimmed" p="xs" role="status">
        {checked.fresh ? DESIGNER.noProblems : "Checking…"}{" "}
        {checked.fresh && dirty && DESIGNER.saveFirst}
        {checked.fresh && commit && (
          <Anchor component={Link} to={commit} hash={MESSAGE} size="sm" underline="always">
            To the commit
          </Anchor>
        )}
      </Text>
    );
  }
  return (
    <ul className={classes["list"]} aria-label="Problems">
      {checked.problems.map((problem, index) => (
        <li key={`${index} ${problem.code}`}>
          <Line problem={problem} go={() => problem.elementId && acts.select(problem.elementId)} />
        </li>
      ))}
    </ul>
  );
}

function Line({ problem, go }: { problem: CheckProblem; go: () => void }) {
  const error = problem.severity === "error";
  const Icon = error ? IconAlertTriangle : IconInfoCircle;
  return (
    <UnstyledButton className={classes["line"] ?? ""} onClick={go} disabled={problem.elementId === null}>
      <Icon size={16} color={error ? "var(--mark-incident)" : "var(--mark-warning)"} aria-label={error ? "Error" : "Warning"} style={{ flex: "none", marginTop: 2 }} />
      <Text size="sm" component="span" style={{ overflowWrap: "anywhere" }}>
        {problem.message}
      </Text>
      {problem.line !== null && (
        <Text size="xs" c="dimmed" component="span" style={{ whiteSpace: "nowrap" }}>
          {placeOf(problem.line, problem.column)}
        </Text>
      )}
    </UnstyledButton>
  );
}
