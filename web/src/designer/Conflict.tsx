import { Button, Group, SimpleGrid, Stack, Text, Title } from "@mantine/core";
import { useEffect, useState } from "react";
import { Dialog } from "../components/Dialog";
import { Diagram, type Mark } from "../components/diagram/Diagram";
import { DESIGNER } from "../texts/designer";
import { download } from "../components/download";
import type { Acts } from "./useDesigner";
import type { Saving } from "./useSave";

interface Compared {
  mine: string;
  /** What is other in mine, and what is other in theirs. */
  marks: { mine: Mark[]; theirs: Mark[] };
}

/** Somebody else has saved meanwhile: both are shown, and the person decides. */
export function Conflict({ saving, acts, name }: { saving: Saving; acts: Acts; name: string }) {
  const { theirs } = saving;
  const [compared, setCompared] = useState<Compared>();
  useEffect(() => {
    if (!theirs) return undefined;
    let late = false;
    void (async () => {
      const mine = await acts.xml();
      const { compare } = await import("./compare");
      // what cannot be read is shown without marks, and the viewer says why
      const marks = await compare(mine, theirs.value).catch(() => ({ mine: [], theirs: [] }));
      if (!late) setCompared({ mine, marks });
    })();
    return () => {
      late = true;
      setCompared(undefined);
    };
  }, [theirs, acts]);
  return (
    <Dialog opened={theirs !== undefined} onClose={saving.later} title="Somebody else has saved this process" size="90%" closeOnClickOutside={false}>
      <Stack>
        <Text size="sm">{DESIGNER.conflict}</Text>
        {theirs && compared && (
          <SimpleGrid cols={{ base: 1, md: 2 }}>
            <Side title="Yours, not saved" xml={compared.mine} marks={compared.marks.mine} label={`${name}, your version`} />
            <Side title="Theirs, saved" xml={theirs.value} marks={compared.marks.theirs} label={`${name}, their version`} />
          </SimpleGrid>
        )}
        <SimpleGrid cols={{ base: 1, md: 2 }}>
          <Choice words={DESIGNER.keepMine}>
            <Button onClick={() => void saving.keepMine()} loading={saving.busy}>
              Keep mine
            </Button>
          </Choice>
          <Choice words={DESIGNER.takeTheirs}>
            <Button variant="default" onClick={() => compared && download(new Blob([compared.mine], { type: "application/xml" }), `${name}.bpmn`)}>
              Export mine
            </Button>
            <Button color="red" variant="light" onClick={() => void saving.takeTheirs()} disabled={saving.busy}>
              Take theirs
            </Button>
          </Choice>
        </SimpleGrid>
      </Stack>
    </Dialog>
  );
}

function Side({ title, xml, marks, label }: { title: string; xml: string; marks: Mark[]; label: string }) {
  return (
    <section aria-label={title}>
      <Title order={3} mb={4}>
        {title}
      </Title>
      <Diagram xml={xml} marks={marks} label={label} height={320} />
    </section>
  );
}

function Choice({ words, children }: { words: string; children: React.ReactNode }) {
  return (
    <Stack gap={6}>
      <Text size="sm" c="dimmed">
        {words}
      </Text>
      <Group gap="sm">{children}</Group>
    </Stack>
  );
}
