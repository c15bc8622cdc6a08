//! Configuration files.

mod example;
mod load;
