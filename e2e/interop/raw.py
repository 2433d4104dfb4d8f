"""One record in Kafka's own protocol, for what no client would write: a header whose name is not UTF-8."""

import socket
import struct

PRODUCE, VERSION = 0, 3
ALL = -1


def produce(broker, topic, value, headers):
    """Writes to partition 0 of a broker that leads it; the headers are pairs of bytes."""
    batch = batch_of(record(value, headers))
    name = topic.encode()
    request = struct.pack(">hhih", PRODUCE, VERSION, 1, -1)
    request += struct.pack(">hhii", -1, ALL, 10_000, 1) + struct.pack(">h", len(name)) + name
    request += struct.pack(">iii", 1, 0, len(batch)) + batch
    host, port = broker.rsplit(":", 1)
    with socket.create_connection((host, int(port)), 30) as broker:
        broker.sendall(struct.pack(">i", len(request)) + request)
        answer = exactly(broker, struct.unpack(">i", exactly(broker, 4))[0])
    # correlation, topics, the name, partitions, the partition
    (error,) = struct.unpack_from(">h", answer, 4 + 4 + 2 + len(name) + 4 + 4)
    if error:
        raise RuntimeError(f"the broker answered {error}")


def exactly(stream, count):
    received = b""
    while len(received) < count:
        more = stream.recv(count - len(received))
        if not more:
            raise RuntimeError("the broker closed the connection")
        received += more
    return received


def batch_of(record):
    # attributes, last offset, first and last time (none), producer, epoch, sequence, count
    rest = struct.pack(">hiqqqhii", 0, 0, -1, -1, -1, -1, -1, 1) + record
    rest = struct.pack(">ibI", -1, 2, crc32c(rest)) + rest
    return struct.pack(">qi", 0, len(rest)) + rest


def record(value, headers):
    body = b"\0" + varint(0) + varint(0) + varint(-1) + counted(value) + varint(len(headers))
    body += b"".join(counted(name) + counted(content) for name, content in headers)
    return counted(body)


def counted(content):
    return varint(-1) if content is None else varint(len(content)) + content


def varint(number):
    zigzag, encoded = (number << 1) ^ (number >> 31), b""
    zigzag &= 0xFFFFFFFF
    while zigzag >= 0x80:
        encoded += bytes([zigzag & 0x7F | 0x80])
        zigzag >>= 7
    return encoded + bytes([zigzag])


def crc32c(content):
    crc = 0xFFFFFFFF
    for byte in content:
        crc ^= byte
        for _ in range(8):
            crc = crc >> 1 ^ (0x82F63B78 if crc & 1 else 0)
    return crc ^ 0xFFFFFFFF
