//! Version of the program, as it tells it on the screen, in the journal, in papers and on the command line.

/// Version and commit of this program.
pub const VERSION: &str = concat!(env!("CARGO_PKG_VERSION"), " (", env!("PICKUP_KIOSK_COMMIT"), ")");
