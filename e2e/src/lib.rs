//! Front-door tests, chaos and benchmarks against the real binary.
