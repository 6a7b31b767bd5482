//! Policies inside the program, to be inherited from. They say which rules hold, and leave the labels to the repository.

/// Names of the presets, from mild to strict.
pub(super) const PRESET_NAMES: [&str; 4] = ["starter", "zero-critical", "mature", "high-performing"];

/// The file of a preset.
pub(super) fn preset_source(name: &str) -> Option<&'static str> {
    match name {
        "starter" => Some(include_str!("presets/starter.yml")),
        "zero-critical" => Some(include_str!("presets/zero-critical.yml")),
        "mature" => Some(include_str!("presets/mature.yml")),
        "high-performing" => Some(include_str!("presets/high-performing.yml")),
        _ => None,
    }
}
