import { Alert, Button, Group, Stack, Text } from "@mantine/core";
import { IconAlertTriangle } from "@tabler/icons-react";
import { useMutation } from "@tanstack/react-query";
import { type User, makeSignInLink } from "../../api/users";
import { Dialog } from "../../components/Dialog";
import { Secret } from "../../components/Secret";
import { Trouble } from "../../components/Trouble";
import { When } from "../../components/When";
import { LINK_ASK, LINK_HOW, LINK_ONCE } from "../../texts/users";

/** Makes a sign-in link when it is asked for, and shows it this once. */
export function LinkDialog({ user, onClose }: { user: User; onClose: () => void }) {
  const make = useMutation({ mutationFn: () => makeSignInLink(user.id) });
  const link = make.data;
  return (
    <Dialog opened onClose={onClose} title={`Sign-in link for ${user.name}`} size="lg" closeOnClickOutside={!link} closeOnEscape={!link}>
      <Stack>
        {link ? (
          <>
            <Alert color="yellow" icon={<IconAlertTriangle size={18} aria-hidden />}>
              {LINK_ONCE}
            </Alert>
            <Secret label="Sign-in link" text={link.url} />
            <Text size="sm">
              Valid until it is used; it ends <When at={link.expiresAt} />. {LINK_HOW}
            </Text>
          </>
        ) : (
          <Text size="sm">
            <b>
              <bdi>{user.email}</bdi>
            </b>{" "}
            can choose a password with it. {LINK_ASK}
          </Text>
        )}
        <Trouble error={make.error} />
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {link ? "Done" : "Not now"}
          </Button>
          {!link && (
            <Button loading={make.isPending} onClick={() => make.mutate()} data-autofocus>
              Make sign-in link
            </Button>
          )}
        </Group>
      </Stack>
    </Dialog>
  );
}
