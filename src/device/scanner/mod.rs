//! Scanners: bytes come in, whole codes go out.
//!
//! [`framing`] is pure; `serial` and `stdin` each own a thread that sleeps until a byte comes.

mod spec;

pub use spec::{ScannerSpec, SpecError};
