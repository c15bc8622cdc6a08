//! Tests of the session: one for each way in which a printer and a wire can fail.

mod bench;
mod faults;
mod hasty;
mod late;
mod looks;
mod model;
mod port;
mod random;
mod restarts;
mod silences;
