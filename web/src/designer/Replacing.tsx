import { Alert, Text } from "@mantine/core";
import { IconAlertTriangle } from "@tabler/icons-react";
import { useState } from "react";
import { Confirm } from "../components/Confirm";
import { DESIGNER } from "../texts/designer";
import type { Acts, Designer } from "./useDesigner";

/** A file that is to take the place of what is drawn. */
interface Wanted {
  xml: string;
  after?: () => void;
}

/** Takes files in; where something would be lost, the person is asked first. */
export interface Replacing {
  want: (wanted: Wanted) => void;
  waiting: boolean;
  goOn: () => void;
  stop: () => void;
}

export function useReplacing(designer: Designer | undefined, acts: Acts): Replacing {
  const [waiting, setWaiting] = useState<Wanted>();
  // why a file was not taken is told above the diagram
  const take = ({ xml, after }: Wanted) => void acts.load(xml, true).then(after, () => undefined);
  return {
    want: (wanted) => (designer?.dirty ? setWaiting(wanted) : take(wanted)),
    waiting: waiting !== undefined,
    goOn: () => {
      if (waiting) take(waiting);
      setWaiting(undefined);
    },
    stop: () => setWaiting(undefined),
  };
}

/** Asks whether what is not saved may go. */
export function Replace({ replacing, name }: { replacing: Replacing; name: string }) {
  return (
    <Confirm opened={replacing.waiting} onClose={replacing.stop} title="Replace what is drawn?" act="Replace it" keep="Keep what is drawn" onConfirm={replacing.goOn}>
      <Text size="sm" style={{ overflowWrap: "anywhere" }}>
        What you changed of {name} is not saved yet. {DESIGNER.replacing}
      </Text>
    </Confirm>
  );
}

/** Why a file was not taken, until it is read or does not matter any more. */
export function Refused({ why, close }: { why: string | undefined; close: () => void }) {
  if (why === undefined) return null;
  return (
    <Alert color="red" variant="light" icon={<IconAlertTriangle size={18} aria-hidden />} role="alert" withCloseButton closeButtonLabel="Close" onClose={close}>
      <Text size="sm" style={{ overflowWrap: "anywhere" }}>
        The file was not taken ({why}). {DESIGNER.refused}
      </Text>
    </Alert>
  );
}
