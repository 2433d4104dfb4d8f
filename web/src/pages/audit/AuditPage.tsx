import { Button } from "@mantine/core";
import { IconHistory } from "@tabler/icons-react";
import { useState } from "react";
import { AUDIT_FILTERS, type AuditEntry, audit } from "../../api/audit";
import { useMay } from "../../api/me";
import { useList } from "../../api/list";
import { late } from "../../components/Late";
import { Empty } from "../../components/Empty";
import { Guard } from "../../components/Guard";
import { Head } from "../../components/Head";
import { Rows } from "../../components/Rows";
import { useFilters } from "../../components/useFilters";
import { usePlace } from "../../shell/place";
import { EMPTY, EMPTY_FILTERED, PURPOSE, PURPOSE_ALL } from "../../texts/audit";
import { AuditFilterBar } from "./AuditFilterBar";
import { columns } from "./columns";
import { Export } from "./Export";
import { usePeople } from "./usePeople";
import { Verify } from "./Verify";

const EntryDialog = late(async () => (await import("./EntryDialog")).EntryDialog);

/** Who did what: in the project of the address, or in the whole installation. */
export function Page() {
  const title = usePlace().projectId ? "Audit" : "Installation audit";
  return (
    <Guard right="audit:read" may={useMay("audit:read")} title={title}>
      <Entries title={title} />
    </Guard>
  );
}

function Entries({ title }: { title: string }) {
  const { projectId, branch } = usePlace();
  const filters = useFilters(AUDIT_FILTERS);
  const list = useList(audit(projectId, filters.values));
  const people = usePeople(projectId);
  const [shown, setShown] = useState<AuditEntry>();
  const only = (userId: string) => filters.set({ userId });
  return (
    <>
      <Head title={title} purpose={projectId ? PURPOSE : `${PURPOSE_ALL} ${PURPOSE}`}>
        <Verify projectId={projectId} />
        <Export projectId={projectId} filters={filters.values} />
      </Head>
      <AuditFilterBar people={people} filters={filters} />
      <Rows
        label="Audit entries"
        list={list}
        columns={columns({ branch, people, only, show: setShown })}
        id={(entry) => entry.id}
        empty={
          filters.any ? (
            <Empty icon={IconHistory} title="Nothing found" action={<Button onClick={filters.clear}>Clear filters</Button>}>
              {EMPTY_FILTERED}
            </Empty>
          ) : (
            <Empty icon={IconHistory} title="Nothing was done yet">
              {EMPTY}
            </Empty>
          )
        }
      />
      {shown && <EntryDialog entry={shown} branch={branch} people={people} onClose={() => setShown(undefined)} />}
    </>
  );
}
