//! The simulated cinema: on-site service, cloud and printer, which speak the bytes of the real ones over real sockets.
//!
//! [`cinema`] is the state both servers share; [`bookings`] fills it, [`programme`] has the films and sessions on sale,
//! [`orders`] the orders in progress, [`faults`] the faults; all pure. [`sarft`] and [`vista`] serve it, [`printer`]
//! prints, [`control`] controls it from outside, and [`rig`] starts everything named by [`settings`].

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

/// State shared by several servers.
pub type Shared<T> = Arc<Mutex<T>>;

/// Locks a shared state. A holder that panicked leaves it whole: every change is one assignment or one method.
pub fn lock<T>(shared: &Mutex<T>) -> MutexGuard<'_, T> {
    shared.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Locks the cinema and moves its time to the present, so that claims have lapsed and late flags show.
pub fn at_present(cinema: &Mutex<Cinema>) -> MutexGuard<'_, Cinema> {
    static BEGAN: OnceLock<Instant> = OnceLock::new();
    let elapsed = BEGAN.get_or_init(Instant::now).elapsed();
    let mut cinema = lock(cinema);
    cinema.at(u64::try_from(elapsed.as_millis()).unwrap_or(u64::MAX));
    cinema
}
