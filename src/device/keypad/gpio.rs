//! A key matrix on GPIO lines: all rows are driven, a pressed key shows on its column, and only then are the rows
//! driven one by one. While no key moves, the thread sleeps.

use super::matrix::{Did, Look, Matrix, MatrixPosition, Next, SIDE_MAX};
use super::spec::{PadKey, Wiring};
use super::{KeypadEvent, Outlet, Tell};
use crate::device::gpio::{Backend, GpioError, Inputs, Outputs};
use crate::device::hotplug::presence::{End, Outlet as _};
use std::time::{Duration, Instant};

/// Delay before lines that can't be requested, because another consumer holds them, are tried again.
const RETRY: Duration = Duration::from_secs(10);

/// Reads the matrix forever; ends when nobody takes events.
pub(super) fn run<T: Tell>(wiring: &Wiring, backend: Backend, outlet: &mut Outlet<T>) {
    loop {
        let ended = take(wiring, backend).map_err(End::from).and_then(|mut lines| {
            outlet.back()?;
            lines.serve(outlet)
        });
        let Err(End::Lost(error)) = ended else { return };
        if outlet.gone(&error).is_err() {
            return;
        }
        std::thread::sleep(RETRY);
    }
}

struct Lines<'a> {
    wiring: &'a Wiring,
    rows: Outputs,
    columns: Inputs,
}

fn take(wiring: &Wiring, backend: Backend) -> Result<Lines<'_>, GpioError> {
    let rows = Outputs::take(backend, &wiring.rows.iter().collect::<Vec<_>>())?;
    let columns = Inputs::take(backend, &wiring.columns.iter().collect::<Vec<_>>())?;
    Ok(Lines { wiring, rows, columns })
}

impl Lines<'_> {
    fn serve<T: Tell>(&mut self, outlet: &mut Outlet<T>) -> Result<(), End<GpioError>> {
        let started = Instant::now();
        let mut matrix = Matrix::new(self.wiring.debounce);
        self.drive_all(true)?;
        // A key that is held from the start causes no edge.
        let mut next = Next::After(Duration::ZERO);
        loop {
            match next {
                Next::Change => {
                    self.columns.wait(None)?;
                }
                Next::After(time) => std::thread::sleep(time),
            }
            let look = self.look()?;
            for (place, did) in matrix.look(look, started.elapsed()) {
                if let Some(key) = self.key(place) {
                    outlet.send(event(key, did))?;
                }
            }
            next = matrix.next();
            if next == Next::Change && look.is_empty() && self.columns.values()? != 0 {
                // A key was pressed between the look and now: its edge was discarded with those of the look.
                next = Next::After(Duration::ZERO);
            }
        }
    }

    /// Drives one row after the other and reads the columns; afterwards all rows are driven again.
    fn look(&mut self) -> Result<Look, GpioError> {
        let mut look = Look::default();
        self.drive_all(false)?;
        for row in 0..self.wiring.rows.len() {
            self.rows.set(row, true)?;
            std::thread::sleep(self.wiring.settle);
            look = look.with_row(row, self.columns.values()?);
            self.rows.set(row, false)?;
        }
        self.drive_all(true)?;
        std::thread::sleep(self.wiring.settle);
        self.columns.forget()?;
        Ok(look)
    }

    fn drive_all(&mut self, on: bool) -> Result<(), GpioError> {
        (0..self.wiring.rows.len()).try_for_each(|row| self.rows.set(row, on))
    }

    fn key(&self, place: MatrixPosition) -> Option<PadKey> {
        let place = usize::from(place);
        self.wiring.keys.get(place / SIDE_MAX)?.get(place % SIDE_MAX).copied()
    }
}

fn event(key: PadKey, did: Did) -> KeypadEvent {
    match did {
        Did::Down => KeypadEvent::Down(key),
        Did::Held => KeypadEvent::Held(key),
        Did::Repeated => KeypadEvent::Repeated(key),
        Did::Stuck => KeypadEvent::Stuck(key),
        Did::Up => KeypadEvent::Up(key),
    }
}
