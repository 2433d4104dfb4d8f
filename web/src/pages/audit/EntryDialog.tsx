import { Stack } from "@mantine/core";
import type { ReactNode } from "react";
import type { AuditEntry } from "../../api/audit";
import { Dialog } from "../../components/Dialog";
import { Facts } from "../../components/Facts";
import { Id } from "../../components/Id";
import { When } from "../../components/When";
import { JsonOnDemand } from "../../components/json/Json";
import { actionWord } from "../../texts/audit";
import { Target } from "./columns";

/** All that is known of an entry. */
export function EntryDialog(props: { entry: AuditEntry; branch: string; people: Map<string, string>; onClose: () => void }) {
  const { entry, branch, people, onClose } = props;
  return (
    <Dialog opened onClose={onClose} title={actionWord(entry.action)} size="xl">
      <Stack>
        <Facts
          facts={[
            ["Who", entry.email ?? "–"],
            ["When", <When at={entry.at} key="when" />],
            ["From", entry.sourceAddress ?? "–"],
            ["Which", <Target entry={entry} branch={branch} people={people} key="which" />],
            ["Id of it", id(entry.target)],
            ["Action", entry.action],
            ["Token", id(entry.tokenId)],
            ["Session", id(entry.sessionId)],
            ["Request", id(entry.requestId)],
          ]}
        />
        {Object.keys(entry.detail).length > 0 && <JsonOnDemand text={JSON.stringify(entry.detail)} label="Details" height={280} />}
      </Stack>
    </Dialog>
  );
}

function id(value: string | null): ReactNode {
  return value === null ? "–" : <Id value={value} />;
}
