"""Event records in another language: the official CloudEvents SDK and a Kafka client read and write them.

    records.py read BROKERS TOPIC COUNT     prints COUNT records, a JSON object a line
    records.py write BROKERS TOPIC          writes the records of standard input, a JSON object a line

A record that is written: {"attributes": {..}, "headers": [[name, value], ..], "without": [name, ..], "value": ..}.
Attributes are those of CloudEvents and are given to the SDK; "without" takes out of what it makes of them, and the
headers come after that. Bytes are {"base64": ..}, a text is UTF-8, null is null. All go to partition 0, in order. A name
that is bytes makes it a record without a time, by way of no client.
"""

import base64
import json
import sys
import time
from datetime import datetime

from cloudevents.core.bindings import kafka
from cloudevents.core.formats.json import JSONFormat
from cloudevents.core.v1.event import CloudEvent
from confluent_kafka import OFFSET_BEGINNING, TIMESTAMP_CREATE_TIME, Consumer, Producer, TopicPartition
from raw import produce

PATIENCE = 60.0


class Raw(JSONFormat):
    """The data as bytes: a JSON library would read 1.10 as 1.1."""

    def read_data(self, body, datacontenttype):
        return body

    def write_data(self, data, datacontenttype):
        return data


def read(brokers, topic, count):
    consumer = Consumer({"bootstrap.servers": brokers, "group.id": f"{topic}-python", "enable.auto.commit": False})
    partitions = consumer.list_topics(topic, PATIENCE).topics[topic].partitions
    consumer.assign([TopicPartition(topic, partition, OFFSET_BEGINNING) for partition in partitions])
    deadline = time.monotonic() + PATIENCE
    while count > 0:
        message = consumer.poll(1.0)
        if message is None:
            if time.monotonic() > deadline:
                sys.exit(f"{count} records of {topic} did not come")
            continue
        if message.error():
            sys.exit(f"{message.error()}")
        print(json.dumps(shown(message)))
        count -= 1
    consumer.close()


def shown(message):
    headers = message.headers()
    read = kafka.KafkaMessage(headers=dict(headers), key=message.key(), value=message.value())
    event = kafka.from_binary(read, Raw(), CloudEvent)
    attributes = event.get_attributes()
    kind, milliseconds = message.timestamp()
    return {
        "offset": message.offset(),
        "key": message.key(),
        "createTime": milliseconds if kind == TIMESTAMP_CREATE_TIME else None,
        "headers": [[name, value.decode("utf-8")] for name, value in headers],
        "value": base64.b64encode(message.value()).decode(),
        # what the SDK made of it; as JSON where it is JSON for the SDK too
        "attributes": {name: text(value) for name, value in attributes.items()},
        "timeMs": round(event.get_time().timestamp() * 1000),
        "data": base64.b64encode(event.get_data()).decode(),
        "isJson": isinstance(kafka.from_binary_event(read).get_data(), (dict, list)),
    }


def text(value):
    return value.isoformat() if isinstance(value, datetime) else value


def write(brokers, topic):
    # the client's own limit would be a million bytes
    settings = {"bootstrap.servers": brokers, "acks": "all", "enable.idempotence": True, "message.max.bytes": 2_162_688}
    producer = Producer(settings)
    faults = []
    for line in sys.stdin:
        value, headers = made(json.loads(line))
        if any(isinstance(name, bytes) for name, _ in headers):
            producer.flush(PATIENCE)
            produce(brokers, topic, value, [(name if isinstance(name, bytes) else name.encode(), it) for name, it in headers])
            continue
        producer.produce(
            topic,
            value=value,
            partition=0,
            headers=headers,
            on_delivery=lambda error, _: faults.append(error) if error else None,
        )
    if producer.flush(PATIENCE) or faults:
        sys.exit(f"not written: {faults}")


def made(record):
    value, headers = raw(record["value"]), []
    if attributes := record.get("attributes"):
        attributes["time"] = datetime.fromisoformat(attributes["time"])
        message = kafka.to_binary(CloudEvent(attributes, value), Raw())
        value = message.value
        headers = [(name, content) for name, content in message.headers.items() if name not in record["without"]]
    return value, headers + [(name if isinstance(name, str) else raw(name), raw(content)) for name, content in record["headers"]]


def raw(content):
    if content is None:
        return None
    return content.encode() if isinstance(content, str) else base64.b64decode(content["base64"])


if __name__ == "__main__":
    {"read": lambda brokers, topic, count: read(brokers, topic, int(count)), "write": write}[sys.argv[1]](*sys.argv[2:])
