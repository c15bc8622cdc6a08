//! Printers as the kiosk knows them: connections and faults.

mod connections;
mod faults;
