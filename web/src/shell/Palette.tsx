import { Group, Kbd, Stack, Text, TextInput, UnstyledButton } from "@mantine/core";
import { useDebouncedValue, useHotkeys } from "@mantine/hooks";
import { IconSearch } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { things } from "../api/things";
import { Dialog } from "../components/Dialog";
import { type Target, idsOf, matching, pagesOf } from "./palette";
import classes from "./Palette.module.css";
import { usePlace } from "./place";

/** Ctrl/Cmd+K: jumps to any page, project, process, webhook, or to what an id belongs to. */
export function Palette() {
  const [opened, setOpened] = useState(false);
  useHotkeys([["mod+K", () => setOpened(true)]], []);
  return (
    <Dialog opened={opened} onClose={() => setOpened(false)} title="Go to" size="lg" yOffset="12vh" centered={false}>
      <Search close={() => setOpened(false)} />
    </Dialog>
  );
}

function Search({ close }: { close: () => void }) {
  const place = usePlace();
  const navigate = useNavigate();
  const [text, setText] = useState("");
  const [chosen, setChosen] = useState(0);
  const [asked] = useDebouncedValue(text, 150);
  const known = useQuery(things(place));
  const targets = [...idsOf(text, place), ...matching(asked, [...pagesOf(place), ...(known.data ?? [])])];
  const at = Math.min(chosen, Math.max(targets.length - 1, 0));
  const go = (target: Target | undefined) => {
    if (!target) return;
    close();
    void navigate({ href: target.to });
  };
  const keys = (event: React.KeyboardEvent) => {
    const step = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
    if (step !== 0) {
      event.preventDefault();
      setChosen((at + step + targets.length) % Math.max(targets.length, 1));
    } else if (event.key === "Enter") {
      event.preventDefault();
      go(targets[at]);
    }
  };
  return (
    <Stack gap="xs">
      <TextInput
        aria-label="Page, process, webhook or id"
        placeholder="Page, process, webhook or id"
        leftSection={<IconSearch size={16} aria-hidden />}
        value={text}
        onChange={(event) => {
          setText(event.currentTarget.value);
          setChosen(0);
        }}
        onKeyDown={keys}
        role="combobox"
        aria-expanded
        aria-controls="palette-targets"
        aria-activedescendant={targets[at] ? `palette-${at}` : undefined}
        data-autofocus
      />
      <Targets targets={targets} at={at} choose={setChosen} go={go} />
      {targets.length === 0 && (
        <Text size="sm" c="dimmed">
          Nothing of this name here.
        </Text>
      )}
      <Hint />
    </Stack>
  );
}

interface TargetsProps {
  targets: Target[];
  at: number;
  choose: (at: number) => void;
  go: (target: Target) => void;
}

function Targets({ targets, at, choose, go }: TargetsProps) {
  return (
    <div role="listbox" id="palette-targets" aria-label="Where to go">
      {targets.map((target, index) => (
        <UnstyledButton
          key={`${target.kind} ${target.to}`}
          id={`palette-${index}`}
          role="option"
          aria-selected={index === at}
          tabIndex={-1}
          className={classes["target"] ?? ""}
          data-chosen={index === at || undefined}
          onMouseMove={() => choose(index)}
          onClick={() => go(target)}
        >
          <Text size="sm" truncate>
            {target.label}
          </Text>
          <Text size="xs" c="dimmed">
            {target.kind}
          </Text>
        </UnstyledButton>
      ))}
    </div>
  );
}

function Hint() {
  return (
    <Group gap="xs">
      <Kbd size="xs">↑</Kbd>
      <Kbd size="xs">↓</Kbd>
      <Text size="xs" c="dimmed">
        choose
      </Text>
      <Kbd size="xs">Enter</Kbd>
      <Text size="xs" c="dimmed">
        go
      </Text>
    </Group>
  );
}
