//! Where text goes; nothing here changes a verdict.

pub mod actions;
