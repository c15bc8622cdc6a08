//! Whole processes over real sockets, terminals and files.

mod demo;
mod faults;
mod life;
mod printer;
mod run;
mod screen;
mod vista;
