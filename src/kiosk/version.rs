//! The program's name for itself.

/// Version and commit of this program.
pub const VERSION: &str = concat!(env!("CARGO_PKG_VERSION"), " (", env!("PICKUP_KIOSK_COMMIT"), ")");
