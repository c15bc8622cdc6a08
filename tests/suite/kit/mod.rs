//! Parts that several tests share.

pub mod e2e;
pub mod journal;
pub mod loopback;
pub mod printer;
pub mod screen;
pub mod small_disk;
pub mod vista;
