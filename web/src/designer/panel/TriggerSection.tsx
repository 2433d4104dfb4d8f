import { Button, Group, Stack, Text, Title } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconPlus } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { Select } from "../../components/Select";
import { dataSources } from "../../api/dataSources";
import { Trouble } from "../../components/Trouble";
import { NewDataSource } from "../../pages/data-sources/NewDataSource";
import { usePlace } from "../../shell/place";
import { DESIGNER } from "../../texts/designer";
import { trigger } from "../properties";
import type { SectionProps } from "./Panel";

const TYPE = "incomingWebhook";

/** Which webhook starts the process at a message start event. */
export function TriggerSection({ element, write }: SectionProps) {
  const place = usePlace();
  const known = useQuery(dataSources(place));
  const [making, { open, close }] = useDisclosure();
  const now = trigger(element);
  const type = now?.triggerType === TYPE ? TYPE : null;
  const choose = (dataSource: string | null) => write.trigger(element, { triggerType: TYPE, ...(dataSource ? { dataSource } : {}) });
  const data = (known.data ?? []).map((source) => ({ value: source.resourceDefinitionId, label: source.name }));
  const chosen = now?.dataSource?.toLowerCase() ?? null;
  const gone = chosen !== null && known.isSuccess && !data.some((one) => one.value === chosen);
  return (
    <Stack gap="xs" component="section" aria-labelledby="process-trigger">
      <Title order={3} id="process-trigger">
        Process Trigger
      </Title>
      <Select
        label="Trigger Type"
        data={[{ value: TYPE, label: "Incoming Webhook" }]}
        value={type}
        placeholder="Choose what starts the process"
        onChange={(value) => value && choose(null)}
        allowDeselect={false}
        required
      />
      {type && (
        <Select
          label="Select Webhook"
          description={DESIGNER.noWebhook}
          data={data}
          value={gone ? null : chosen}
          onChange={choose}
          placeholder={known.isPending ? "Loading…" : "Choose a webhook"}
          searchable
          required
          error={gone ? DESIGNER.webhookGone : undefined}
          nothingFoundMessage={data.length === 0 ? DESIGNER.noWebhooks : "No webhook of this name"}
        />
      )}
      <Trouble error={known.error} again={() => void known.refetch()} />
      {type && (
        <Group>
          <Button size="xs" variant="default" leftSection={<IconPlus size={14} aria-hidden />} onClick={open}>
            New webhook
          </Button>
          {data.length === 0 && known.isSuccess && (
            <Text size="xs" c="dimmed">
              {DESIGNER.noWebhooks}
            </Text>
          )}
        </Group>
      )}
      <NewDataSource opened={making} onClose={close} onMade={(made) => choose(made.resourceDefinitionId)} />
    </Stack>
  );
}
