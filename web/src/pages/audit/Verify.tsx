import { Alert, Button, Code, List, Loader, Stack, Text } from "@mantine/core";
import { IconAlertTriangle, IconShieldCheck } from "@tabler/icons-react";
import { useMutation } from "@tanstack/react-query";
import { type Verification, verify } from "../../api/audit";
import { Copy } from "../../components/Copy";
import { Dialog } from "../../components/Dialog";
import { Trouble } from "../../components/Trouble";
import { HASH, VERIFY } from "../../texts/audit";

/** Checks that the audit is as it was written, and shows what was found. */
export function Verify({ projectId }: { projectId: string }) {
  const check = useMutation({ mutationFn: () => verify(projectId) });
  return (
    <>
      <Button variant="default" leftSection={<IconShieldCheck size={16} aria-hidden />} onClick={() => check.mutate()}>
        Verify
      </Button>
      <Dialog opened={!check.isIdle} onClose={check.reset} title="Is the audit as it was written?" size="lg">
        <Stack>
          <Text size="sm">{VERIFY}</Text>
          {check.isPending && <Loader size="sm" aria-label="Checking" />}
          <Trouble error={check.error} again={() => check.mutate()} />
          {check.data && <Found found={check.data} />}
        </Stack>
      </Dialog>
    </>
  );
}

function Found({ found }: { found: Verification }) {
  const entries = `${found.entries.toLocaleString("en")} ${found.entries === 1 ? "entry" : "entries"}`;
  const chains = found.chains === 1 ? "1 chain" : `${found.chains.toLocaleString("en")} chains`;
  return (
    <>
      <Alert
        color={found.intact ? "basin" : "red"}
        icon={found.intact ? <IconShieldCheck size={18} aria-hidden /> : <IconAlertTriangle size={18} aria-hidden />}
        role={found.intact ? "status" : "alert"}
        title={found.intact ? "Yes, it is intact" : "No, it was changed"}
      >
        {entries} of {chains} {found.entries === 1 ? "was" : "were"} checked.
        {found.broken.length > 0 && (
          <List size="sm" mt="xs">
            {found.broken.map((one) => (
              <List.Item key={one.chain} style={{ overflowWrap: "anywhere" }}>
                {one.chain === "installation" ? "The chain of the installation" : `The chain of the project ${one.chain}`}: entry {one.sequence} is missing or was changed.
              </List.Item>
            ))}
          </List>
        )}
      </Alert>
      {found.lastHash !== null && (
        <div>
          <Text size="sm">{HASH}</Text>
          <Code style={{ overflowWrap: "anywhere" }}>{found.lastHash}</Code> <Copy text={found.lastHash} label="Copy hash" />
        </div>
      )}
    </>
  );
}
