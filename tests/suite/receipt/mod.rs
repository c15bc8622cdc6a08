//! Tickets on paper: layouts and bytes.

mod paper;
