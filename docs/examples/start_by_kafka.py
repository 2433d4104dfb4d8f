"""Starts processes by writing an event record: no gateway, no API key, the same processes.

    pip install cloudevents confluent-kafka
    start_by_kafka.py localhost:9092 forebay.webhook-events /webhooks/incoming/ORG/WORKSPACE/PROJECT/DATA_SOURCE

The path is that of the webhook's URL. ../event-record.md says what a record may have.
"""

import json
import sys
import uuid
from datetime import datetime, timezone

from cloudevents.core.bindings.kafka import to_binary_event
from cloudevents.core.v1.event import CloudEvent
from confluent_kafka import Producer


def started(brokers, topic, source):
    organization, workspace, project, data_source = source.removeprefix("/webhooks/incoming/").split("/")
    event = CloudEvent(
        {
            "id": f"order-{uuid.uuid4()}",  # the same id again starts nothing again
            "source": source,
            "type": "dev.forebay.webhook.received",
            "time": datetime.now(timezone.utc),
            "datacontenttype": "application/json",
        },
        {"orderId": "ORD-12345", "amount": 299.99},
    )
    message = to_binary_event(event)
    whose = {"organization": organization, "workspace": workspace, "project": project, "data_source": data_source}
    headers = message.headers | {f"forebay_{name}": value.encode() for name, value in whose.items()}
    headers["forebay_headers"] = json.dumps({"X-Sent-By": "start_by_kafka.py"}).encode()
    failed = []
    producer = Producer({"bootstrap.servers": brokers, "acks": "all", "enable.idempotence": True})
    producer.produce(topic, value=message.value, headers=list(headers.items()), on_delivery=lambda e, _: e and failed.append(e))
    if producer.flush(30) or failed:
        sys.exit(f"not written: {failed}")
    return event.get_id()


print(started(*sys.argv[1:]))
