//! A self-service ticket pickup machine for cinemas that sell through Vista: a customer presents a code, the cinema's
//! on-site service issues the tickets, a thermal printer prints them. A ticket is never printed twice, and never lost
//! without a record of who is owed what. The workflow is a pure function of state and input; a kiosk carries out what
//! it decides, each step on disk before its effect. ARCHITECTURE.md has rules, threads and a table of where to find
//! what; docs/contract.md is what the comments call the contract.
//!
//! | room | what is in it | kind |
//! |---|---|---|
//! | [`ticket`] | booking number, booking ID, ticket, seat, outcome, ticket state | pure |
//! | [`fault_code`] | the codes of faults, P0 to M3, as one enum | pure |
//! | [`locale`], [`clock`], [`version`] | languages; the present as a value; the program's version | pure |
//! | [`codes`] | what a customer presents, read: number, ID or both | pure |
//! | [`pickup`] | the workflow: [`Machine::handle`](pickup::machine::Machine::handle) | pure |
//! | [`receipt`] | ticket to document to ESC/POS bytes; printer profiles | pure |
//! | [`virtual_printer`] | what a printer does with bytes: answers, and pictures of paper | pure |
//! | [`screen`] | state to what a customer is shown; what a monitor is told | pure, but [`server`](screen::server) |
//! | [`sarft`] | the on-site protocol | pure, but [`client`](sarft::client) |
//! | [`vista`] | the cloud, a file an interface | pure, but [`client`](vista::client) |
//! | [`journal`] | the record of pickups, and the rules of what may follow what | pure, but [`store`](journal::store) |
//! | [`maintenance`] | the table of faults, the technician's menu | pure |
//! | [`config`] | TOML to checked settings, and secrets | edge, but [`settings`](config::settings) |
//! | [`device`] | scanners, keypads, panel, GPIO, the printer's owner | edge, some files pure |
//! | [`simulator`] | the cinema's servers and a printer, over real sockets | edge, but [`cinema`](simulator::cinema) |
//! | [`kiosk`] | the composition root: the parts and the event loop | top |
//! | [`command`] | one file a subcommand | top |
//!
//! One ticket, in ten steps:
//!
//! 1. [`device::scanner`] makes bytes into one code.
//! 2. [`kiosk`] makes it an [`Input`](pickup::input::Input), with a pickup id and the present.
//! 3. [`pickup`] has [`codes`] read it; what is malformed is sent nowhere.
//! 4. The [`journal`] is asked what it knows of exactly this pair, and the printer how it is.
//! 5. [`sarft::client`] queries the site (0x03). Printer and site have to say yes.
//! 6. `Issuing` is on disk, then 0x05 goes out, once.
//! 7. 0x06 = 0 is on record; only now is anything of the booking shown.
//! 8. One ticket at a time: `Printing` on disk, [`receipt`] makes its bytes, [`device::printer`] sends them.
//! 9. The answer to the fence behind them makes it `Printed`; silence makes it `Uncertain`.
//! 10. The site is told (0x07) when nobody is being served, until it has it.

pub mod clock;
pub mod codes;
pub mod command;
pub mod config;
pub mod device;
pub mod fault_code;
pub mod journal;
pub mod kiosk;
pub mod locale;
pub mod maintenance;
pub mod pickup;
pub mod receipt;
pub mod sarft;
pub mod screen;
pub mod simulator;
pub mod ticket;
pub mod version;
pub mod virtual_printer;
pub mod vista;
