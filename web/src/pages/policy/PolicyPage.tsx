import { Stack } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useSearch } from "@tanstack/react-router";
import { useState } from "react";
import { type PolicyChosen, policy } from "../../api/policy";
import { Head } from "../../components/Head";
import { Loading } from "../../components/Silence";
import { Trouble } from "../../components/Trouble";
import { queries } from "../../queries";
import { usePlace } from "../../shell/place";
import { PURPOSE } from "../../texts/policy";
import { ChoiceForm } from "./ChoiceForm";
import { choiceOf } from "./choice";
import { Now } from "./Now";
import { Result } from "./Result";

/** What is read before the page is shown. */
export const load = ({ projectId = "" }: Record<string, string>) => queries.ensureQueryData(policy(projectId));

/** Which commit runs, and the choice of another. */
export function Page() {
  const place = usePlace();
  const { commit } = useSearch({ strict: false }) as { commit?: string };
  const read = useQuery(policy(place.projectId));
  const [done, setDone] = useState<PolicyChosen>();
  return (
    <>
      <Head title="Active Policy" purpose={PURPOSE} />
      {!read.data && (read.error ? <Trouble error={read.error} again={() => void read.refetch()} /> : <Loading of={read} height={280} />)}
      {read.data && (
        <Stack>
          <Now place={place} policy={read.data.value} />
          {done && <Result place={place} chosen={done} onClose={() => setDone(undefined)} />}
          <ChoiceForm
            key={commit ?? ""}
            place={place}
            etag={read.data.etag}
            begin={commit ? { kind: "pinned", branch: read.data.value.branch, commitId: commit } : choiceOf(read.data.value)}
            now={read.data.value}
            onChosen={setDone}
          />
        </Stack>
      )}
    </>
  );
}
