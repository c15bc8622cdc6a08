//! Maintenance: the table of faults, the menu that a technician or an usher stands in front of, and what keeps others
//! out of it. Pure: keys, answers and time come in, requests and lines of text go out.

pub mod faults;
pub mod lockout;
pub mod manual;
pub mod menu;
pub mod sequence;
