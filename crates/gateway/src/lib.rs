//! The HTTP edge that accepts webhooks.
