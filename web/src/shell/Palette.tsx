import { Group, Kbd, Stack, Text, TextInput, UnstyledButton } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { IconSearch } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useLocation, useNavigate } from "@tanstack/react-router";
import { useEffect, useMemo, useRef, useState } from "react";
import { useRights } from "../api/me";
import { things } from "../api/things";
import { Dialog } from "../components/Dialog";
import { useInstallationPages } from "./installation";
import { type Target, MOST, idsOf, inOrder, matching, pagesOf } from "./palette";
import classes from "./Palette.module.css";
import { usePlace } from "./place";
import { visited } from "./visited";

const FIELD = "Page, process, data source, commit or id";

/** Jumps to any page, project, process, data source, branch or commit, or to what an id belongs to. */
export function Palette({ onClose }: { onClose: () => void }) {
  return (
    <Dialog opened onClose={onClose} title="Go to" closeOnClickOutside size="lg" yOffset="12vh" centered={false}>
      <Search close={onClose} />
    </Dialog>
  );
}

/** Everything that can be gone to, and what of it has the words. */
function useTargets(text: string): { targets: Target[]; found: number; reading: boolean } {
  const place = usePlace();
  const may = useRights();
  const installation = useInstallationPages();
  const here = useLocation({ select: (location) => location.pathname });
  const [visits] = useState(() => visited());
  const [asked] = useDebouncedValue(text, 100);
  const known = useQuery(things(place));
  const pages = pagesOf(place, { may, installation });
  const all = inOrder(visits, [...pages, ...(known.data ?? [])], place, here);
  const found = [...idsOf(text, place), ...matching(asked, all)];
  return { targets: found.slice(0, MOST), found: found.length, reading: known.isPending };
}

function Search({ close }: { close: () => void }) {
  const navigate = useNavigate();
  const [text, setText] = useState("");
  const [chosen, setChosen] = useState(0);
  const { targets, found, reading } = useTargets(text);
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
        aria-label={FIELD}
        placeholder={FIELD}
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
        autoComplete="off"
        spellCheck={false}
        data-autofocus
      />
      <Targets targets={targets} at={at} choose={setChosen} go={go} />
      {targets.length === 0 && (
        <Text size="sm" c="dimmed">
          {reading ? "Reading…" : "Nothing of this name here."}
        </Text>
      )}
      <Hint more={found - targets.length} />
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
  const box = useRef<HTMLDivElement>(null);
  const keyed = useRef(true);
  useEffect(() => {
    // the pointer chooses what is in sight; a list that moved under it would choose on
    if (keyed.current) box.current?.querySelector("[data-chosen]")?.scrollIntoView({ block: "nearest" });
    keyed.current = true;
  }, [at]);
  const rows = useMemo(() => targets.map((target) => ({ target, id: `${target.kind} ${target.to}` })), [targets]);
  return (
    <div ref={box} role="listbox" id="palette-targets" aria-label="Where to go" className={classes["targets"]}>
      {rows.map(({ target, id }, index) => (
        <UnstyledButton
          key={id}
          id={`palette-${index}`}
          role="option"
          aria-selected={index === at}
          tabIndex={-1}
          className={classes["target"] ?? ""}
          data-chosen={index === at || undefined}
          onMouseMove={() => {
            if (index === at) return;
            keyed.current = false;
            choose(index);
          }}
          onClick={() => go(target)}
        >
          <Text size="sm" truncate title={target.label}>
            <bdi>{target.label}</bdi>
          </Text>
          <Text size="xs" c="dimmed" truncate className={classes["kind"] ?? ""}>
            {target.kind}
          </Text>
        </UnstyledButton>
      ))}
    </div>
  );
}

function Hint({ more }: { more: number }) {
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
      {more > 0 && (
        <Text size="xs" c="dimmed" ml="auto">
          and {more.toLocaleString("en")} more; type to find them
        </Text>
      )}
    </Group>
  );
}
