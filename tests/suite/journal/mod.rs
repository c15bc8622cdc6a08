//! The journal from outside: its commands, and a disk that fills up.

mod command;
mod full_disk;
