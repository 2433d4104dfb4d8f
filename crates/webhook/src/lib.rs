//! The rules of an incoming webhook: its address, key, payload, headers and event record.
