//! GitHub Actions: where a run happens and what triggered it.
