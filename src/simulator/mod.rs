//! The simulated cinema: its on-site service, its cloud and its printer, speaking the same bytes
//! as the real ones over real sockets.
//!
//! [`cinema`] is the one state both servers share; [`bookings`] fills it, [`programme`] is what is shown and
//! sold, [`orders`] what is being ordered, [`faults`] are what can be made to go wrong; pure. [`sarft`] and [`vista`] serve it, [`printer`] prints, [`control`] steers it from outside, and
//! [`rig`] starts everything that [`settings`] names.

pub mod bookings;
pub mod cinema;
pub mod control;
pub mod faults;
pub mod orders;
pub mod printer;
pub mod programme;
pub mod rig;
pub mod sarft;
mod serial_end;
pub mod settings;
pub mod vista;

use cinema::Cinema;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::Instant;

/// A state several servers share.
pub type Shared<T> = Arc<Mutex<T>>;

/// Locks it. A holder that panicked leaves it whole: every change is one assignment or one method.
pub fn lock<T>(shared: &Mutex<T>) -> MutexGuard<'_, T> {
    shared.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The cinema as it is now: locked, and its time moved to the present, so that claims have lapsed and late flags show.
pub fn at_present(cinema: &Mutex<Cinema>) -> MutexGuard<'_, Cinema> {
    static BEGAN: OnceLock<Instant> = OnceLock::new();
    let elapsed = BEGAN.get_or_init(Instant::now).elapsed();
    let mut cinema = lock(cinema);
    cinema.at(u64::try_from(elapsed.as_millis()).unwrap_or(u64::MAX));
    cinema
}
