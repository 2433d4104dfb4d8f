import { Box, Button, Group, Text } from "@mantine/core";
import { IconEye, IconEyeOff } from "@tabler/icons-react";
import type { WebhookUrl } from "../../api/triggers";
import { Copy } from "../../components/Copy";
import { masked } from "./curl";
import classes from "./Url.module.css";

/** The URL, its key hidden from those who look over the shoulder until it is asked for. */
export function UrlBox({ address, shown, toggle }: { address: WebhookUrl; shown: boolean; toggle: () => void }) {
  const Icon = shown ? IconEyeOff : IconEye;
  return (
    <Box>
      <Text size="sm" fw={600} mb={4} id="webhook-url">
        Webhook URL
      </Text>
      <div className={classes["text"]} tabIndex={0} aria-labelledby="webhook-url" role="textbox" aria-readonly="true">
        {shown ? address.url : masked(address.url, address.apiKey)}
      </div>
      <Group gap="xs" mt="xs">
        <Copy text={address.url} label="Copy URL" button />
        <Button variant="default" leftSection={<Icon size={16} aria-hidden />} onClick={toggle}>
          {shown ? "Hide key" : "Show key"}
        </Button>
      </Group>
    </Box>
  );
}
