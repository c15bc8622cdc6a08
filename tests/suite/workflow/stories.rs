//! Stories of a kiosk: each ends as the contract says.

mod by_hand;
mod claims;
mod codes;
mod lists;
mod outcomes;
mod owed;
mod rate_limit;
mod refusals;
mod reports;
pub(super) mod rig;
mod sharing;
mod sites;

use super::parts;
