//! The workflow: stories, codes, crash points.

mod codes_hostile;
mod crash_points;
#[path = "../../simulation/parts.rs"]
mod parts;
mod stories;
