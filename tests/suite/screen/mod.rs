//! The customer screen's HTTP.

mod http;
