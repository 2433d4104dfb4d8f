import { Box, Group, Text } from "@mantine/core";
import type { WebhookUrl } from "../../api/triggers";
import { Copy } from "../../components/Copy";
import { curl, masked } from "./curl";
import classes from "./Url.module.css";

/** What the line sends: the seed's example. */
export const SAMPLE = '{"orderId": "ORD-12345", "status": "completed", "amount": 299.99}';

/** A command line that works as it is copied. */
export function CurlLine({ address, shown }: { address: WebhookUrl; shown: boolean }) {
  const line = curl(address.url, SAMPLE);
  return (
    <Box>
      <Group gap="xs" mb={4}>
        <Text size="sm" fw={600} id="curl-line">
          From a terminal
        </Text>
        <Copy text={line} label="Copy curl command" />
      </Group>
      <div className={classes["text"]} tabIndex={0} aria-labelledby="curl-line" role="textbox" aria-readonly="true">
        {shown ? line : masked(line, address.apiKey)}
      </div>
    </Box>
  );
}
