import { ActionIcon, TextInput } from "@mantine/core";
import { IconArrowRight, IconSearch } from "@tabler/icons-react";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";

/** Goes to the event of an id, as the gateway answered it. */
export function FindEvent({ projectId }: { projectId: string }) {
  const [id, setId] = useState("");
  const navigate = useNavigate();
  const wanted = id.trim();
  return (
    <form
      onSubmit={(submit) => {
        submit.preventDefault();
        if (wanted !== "") void navigate({ to: `/projects/${projectId}/events/${encodeURIComponent(wanted)}` });
      }}
    >
      <TextInput
        aria-label="Event id"
        placeholder="Event id"
        leftSection={<IconSearch size={16} aria-hidden />}
        rightSection={
          <ActionIcon type="submit" variant="subtle" aria-label="Open this event" disabled={wanted === ""}>
            <IconArrowRight size={16} aria-hidden />
          </ActionIcon>
        }
        value={id}
        onChange={(change) => setId(change.currentTarget.value)}
        w={280}
        maw="100%"
      />
    </form>
  );
}
