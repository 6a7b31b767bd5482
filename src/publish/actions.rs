//! The job summary and the step outputs.
