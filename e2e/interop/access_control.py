"""Makes Forebay's topics and sets access control: access_control.py <broker> '<acl line of docs/gateway.md>'...

The lines are those of kafka-acls.sh behind the page's function `acl`, whose class is in no jar of Maven's.
"""
import argparse
import shlex
import sys

from confluent_kafka.admin import (
    AclBinding,
    AclOperation,
    AclPermissionType,
    AdminClient,
    NewTopic,
    ResourcePatternType,
    ResourceType,
)

OPERATIONS = {
    "Write": AclOperation.WRITE,
    "Read": AclOperation.READ,
    "Delete": AclOperation.DELETE,
    "Describe": AclOperation.DESCRIBE,
    "DescribeConfigs": AclOperation.DESCRIBE_CONFIGS,
}
TOPICS = ["forebay.webhook-events", "forebay.webhook-failures"]


def bindings(line):
    words = argparse.ArgumentParser(exit_on_error=False, allow_abbrev=False)
    words.add_argument("acl")
    words.add_argument("principal")
    words.add_argument("--operation", action="append", required=True)
    words.add_argument("--resource-pattern-type", choices=["literal", "prefixed"], default="literal")
    resource = words.add_mutually_exclusive_group(required=True)
    resource.add_argument("--topic")
    resource.add_argument("--group")
    given = words.parse_args(shlex.split(line))
    kind = ResourceType.TOPIC if given.topic else ResourceType.GROUP
    pattern = getattr(ResourcePatternType, given.resource_pattern_type.upper())
    for operation in given.operation:
        allowed = (OPERATIONS[operation], AclPermissionType.ALLOW)
        yield AclBinding(kind, given.topic or given.group, pattern, f"User:{given.principal}", "*", *allowed)


def main():
    broker, *lines = sys.argv[1:]
    admin = AdminClient({"bootstrap.servers": broker})
    config = {"max.message.bytes": "2162688", "retention.ms": "-1"}
    topics = [NewTopic(name, num_partitions=12, replication_factor=1, config=config) for name in TOPICS]
    made = admin.create_topics(topics)
    allowed = admin.create_acls([binding for line in lines for binding in bindings(line)])
    for future in [*made.values(), *allowed.values()]:
        future.result()


main()
