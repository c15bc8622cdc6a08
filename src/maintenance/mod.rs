//! Maintenance: the table of faults, the menu for technicians and ushers, and its protection against others. Pure:
//! keys, answers and time come in, requests and lines of text go out.

pub mod faults;
pub mod lockout;
pub mod manual;
pub mod menu;
pub mod sequence;
pub mod settings;
pub mod texts;
