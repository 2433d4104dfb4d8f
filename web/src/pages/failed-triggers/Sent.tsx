import { Code, Text } from "@mantine/core";
import type { FailedTriggerDetail } from "../../api/failedTriggers";
import { Locked } from "../../components/Guard";
import { HeaderTable } from "../../components/HeaderTable";
import { Json } from "../../components/json/Json";
import { members } from "../../components/json/members";
import { Part } from "../../components/Part";
import { IS_BASE64 } from "../../texts/failedTriggers";

/** The header of the record that holds those of the request. */
const OF_REQUEST = "forebay_headers";

/** What was sent: the body and the headers, for those who may read them. */
export function Sent({ failed }: { failed: FailedTriggerDetail }) {
  const { payload, headers } = failed;
  if (!payload || !headers) {
    return (
      <Part title="Payload">
        <Locked right="payload:read" />
      </Part>
    );
  }
  const request = members(headers.find((header) => header.name === OF_REQUEST)?.value ?? "");
  const record = headers.filter((header) => header.name !== OF_REQUEST).map((header): [string, string] => [header.name, header.value]);
  return (
    <>
      <Part title="Payload">
        {payload.encoding === "base64" && (
          <Text size="sm" c="dimmed">
            {IS_BASE64}
          </Text>
        )}
        {payload.text === "" ? <Text size="sm">The body is empty.</Text> : <Json text={payload.text} label="Payload" />}
      </Part>
      <Part title="Headers of the request">
        {request.length > 0 ? <HeaderTable headers={request} label="Headers of the request" /> : <Text size="sm">There are none.</Text>}
      </Part>
      <details>
        <summary>
          Headers of the event’s record (<Code>ce_…</Code>, <Code>forebay_…</Code>)
        </summary>
        <HeaderTable headers={record} label="Headers of the record" />
      </details>
    </>
  );
}
