//! JavaScript for conditions and script tasks.
