//! Lines with which the kiosk answers the menu, a table a subject. The menu's own words stand with the menu, those of
//! faults in the table of faults.

pub mod inputs;
pub mod machine;
pub mod printing;
pub mod servers;
pub mod tickets;
pub mod usb_drive;
