//! The simulated cinema: its on-site service, its cloud and its printer, speaking the same bytes
//! as the real ones over real sockets.
//!
//! [`cinema`] is the one state both servers share; pure. `sarft` and `vista` serve it.

pub mod cinema;
pub mod printer;
