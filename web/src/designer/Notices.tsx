import { Button } from "@mantine/core";
import { useEffect, useState } from "react";
import type { Tagged } from "../api/client";
import { bpmn } from "../api/processes";
import { When } from "../components/When";
import { queries } from "../queries";
import type { Place } from "../shell/place";
import { DESIGNER } from "../texts/designer";
import { type Draft, dropDraft, readDraft } from "./draft";
import { Notice } from "./Notice";
import type { Replacing } from "./Replacing";
import type { Acts, Designer } from "./useDesigner";
import type { Saving } from "./useSave";

interface NoticesProps {
  place: Place;
  id: string;
  designer: Designer | undefined;
  acts: Acts;
  saving: Saving;
  replacing: Replacing;
  /** What the server has now. */
  file: Tagged<string>;
  narrow: boolean;
}

/** What has to be known before one goes on. */
export function Notices(props: NoticesProps) {
  const { designer, narrow } = props;
  return (
    <>
      {narrow && designer?.dirty && <Notice text={DESIGNER.narrowDraft} />}
      {designer?.shown.laidOut && <Notice text={DESIGNER.laidOut} />}
      {designer && designer.shown.missing.length > 0 && <Notice text={`${DESIGNER.missing} ${listedShort(designer.shown.missing)}`} />}
      <CrashCopy {...props} />
      <Theirs {...props} />
    </>
  );
}

/** The first ones by name: a file may leave out hundreds. */
function listedShort(names: string[]): string {
  return names.slice(0, 10).join(", ") + (names.length > 10 ? ` and ${names.length - 10} more` : "");
}

/** What an earlier visit of this tab has left. */
function CrashCopy({ place, id, saving, replacing, file }: NoticesProps) {
  const [draft, setDraft] = useState<Draft | undefined>(() => {
    const found = readDraft(place, id);
    return found && found.xml !== file.value ? found : undefined;
  });
  if (!draft) return null;
  const after = () => {
    saving.begin(draft.etag);
    setDraft(undefined);
  };
  const drop = () => {
    dropDraft(place, id);
    setDraft(undefined);
  };
  return (
    <Notice
      text={
        <>
          {DESIGNER.crashed} (<When at={draft.at} />).
        </>
      }
    >
      <Button size="xs" onClick={() => replacing.want({ xml: draft.xml, after })}>
        Take them back
      </Button>
      <Button size="xs" variant="default" onClick={drop}>
        Drop them
      </Button>
    </Notice>
  );
}

/** Somebody else has saved: what is not changed here follows; else the person is told before saving. */
function Theirs({ place, id, designer, acts, saving, file }: NoticesProps) {
  const { etag, begin, busy } = saving;
  const newer = file.etag !== etag && !busy;
  const dirty = designer?.dirty ?? true;
  const ready = designer !== undefined;
  useEffect(() => {
    if (!newer || dirty || !ready) return;
    // what was saved here is known before the page is drawn with it: it is nobody else's
    if (queries.getQueryData(bpmn(place, id).queryKey)?.etag === etag) return;
    // where it cannot be drawn, that is told above
    void acts.load(file.value, false).then(() => begin(file.etag), () => undefined);
  }, [newer, dirty, ready, acts, begin, file, place, id, etag]);
  if (!newer || !dirty || !ready) return null;
  return (
    <Notice text={DESIGNER.theirs}>
      <Button size="xs" variant="default" onClick={() => void saving.save()}>
        Compare
      </Button>
    </Notice>
  );
}
