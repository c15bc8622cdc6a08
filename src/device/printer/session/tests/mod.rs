//! One test for each way a printer and a wire can fail.

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
