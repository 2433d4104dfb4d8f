import { Checkbox, FileInput, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { Refusal } from "../../api/refusal";
import { importInto, previewImport } from "../../api/transfer";
import { ActForm } from "../../components/ActForm";
import { Dialog } from "../../components/Dialog";
import { InTheWay } from "../../components/InTheWay";
import type { Place } from "../../shell/place";
import { ARCHIVE_RULE, IMPORT_BRANCH, IMPORT_CHANGED, KEEP_OTHERS } from "../../texts/transfer";
import { stale, useWork } from "../versions/useWork";
import { versionsPath } from "../versions/words";
import { Faults } from "./Faults";
import { ImportedList } from "./ImportedList";

/** Puts an archive into the work in progress of a branch; what it would change is shown first. */
export function ImportInto({ place, onClose }: { place: Place; onClose: () => void }) {
  const [file, setFile] = useState<File | null>(null);
  const [keepOthers, setKeep] = useState(false);
  const preview = useQuery({
    queryKey: ["project", place.projectId, "changes", "import", place.branch, file?.name, file?.lastModified, file?.size, keepOthers],
    enabled: file !== null,
    retry: false,
    queryFn: async () => (file ? previewImport(place, file, keepOthers) : null),
  });
  const run = useWork(place, async (etag) => file && importInto(place, etag, file, keepOthers), onClose);
  const found = file && preview.data;
  const error = run.error ?? preview.error;
  return (
    <Dialog opened onClose={onClose} title={`Import into ${place.branch}`} size="lg">
      <ActForm act="Import" ready={Boolean(found) && !preview.isFetching} busy={run.isPending} run={() => found && run.mutate(found.etag)} onClose={onClose}>
        <Text size="sm">{IMPORT_BRANCH}</Text>
        <FileInput label="Archive" description={ARCHIVE_RULE} placeholder="Choose a file" accept=".tar.gz,.tgz,application/gzip" value={file} onChange={setFile} required data-autofocus />
        <Checkbox label={KEEP_OTHERS} checked={keepOthers} onChange={(event) => setKeep(event.currentTarget.checked)} />
        {found && <ImportedList resources={found.value.resources} />}
        <Faults error={stale(run.error) ? new Error(IMPORT_CHANGED) : error} />
        <InTheWay things={error instanceof Refusal ? error.problem.blocking : undefined} to={() => versionsPath(place)} />
      </ActForm>
    </Dialog>
  );
}
