import { Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { me } from "../api/me";
import { announceSignedIn } from "../api/session";
import { Dialog } from "../components/Dialog";
import { queries } from "../queries";
import { SignInForm } from "./SignInForm";

/** Over the page, when the session ended while somebody worked on it: what was typed below stays. */
export function SignInAgain({ onClose }: { onClose: () => void }) {
  const who = useQuery(me());
  const done = () => {
    onClose();
    announceSignedIn();
    void queries.invalidateQueries();
  };
  return (
    <Dialog opened onClose={onClose} title="Your session has ended" closeOnClickOutside={false}>
      <Text size="sm" mb="md">
        Sign in again; what you typed on this page is kept.
      </Text>
      <SignInForm email={who.data?.email ?? ""} done={done} />
    </Dialog>
  );
}
