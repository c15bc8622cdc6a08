//! What happens at a kiosk, told as stories: each ends as the contract says.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

#[path = "stories/by_hand.rs"]
mod by_hand;
#[path = "stories/claims.rs"]
mod claims;
#[path = "stories/codes.rs"]
mod codes;
#[path = "stories/guessing.rs"]
mod guessing;
#[path = "stories/lists.rs"]
mod lists;
#[path = "stories/outcomes.rs"]
mod outcomes;
#[path = "stories/owed.rs"]
mod owed;
#[path = "simulation/parts.rs"]
mod parts;
#[path = "stories/refusals.rs"]
mod refusals;
#[path = "stories/reports.rs"]
mod reports;
#[path = "stories/rig.rs"]
mod rig;
#[path = "stories/sharing.rs"]
mod sharing;
#[path = "stories/sites.rs"]
mod sites;
