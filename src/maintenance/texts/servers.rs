//! Lines about the cloud, the clock and the network.

use crate::locale::{Text, text};
use std::fmt::Display;

/// Line where no cloud is configured.
pub fn no_cloud() -> Text {
    Text::new("没有配置云端。", "No [cloud] is configured.")
}

/// Line after the cloud took the token.
pub fn token_taken() -> Text {
    Text::new("云端接受令牌。", "The cloud takes the token.")
}

/// Line after the cloud listed this cinema for the token.
pub fn cinema_seen(cinema: &str) -> Text {
    Text::new(format!("令牌可见影院 {cinema}。"), format!("The token sees cinema {cinema}."))
}

/// Line after the cloud listed other cinemas alone for the token.
pub fn cinema_not_seen(cinema: &str) -> Text {
    Text::new(format!("令牌看不到影院 {cinema}。"), format!("The token does not see cinema {cinema}."))
}

/// Line where no cloud is configured whose clock could be compared.
pub fn no_clock_to_compare() -> Text {
    Text::new("没有配置云端，无法比较。", "No [cloud] is configured to compare with.")
}

/// Difference between the cloud's clock and this one.
pub fn clock_differs(seconds: i64) -> Text {
    Text::new(
        format!("与云端服务器相差 {seconds} 秒。"),
        format!("The cloud's clock differs by {seconds} s."),
    )
}

/// Line after the cloud answered without its time.
pub fn no_date() -> Text {
    Text::new("云端没有给出时间。", "The cloud told no Date.")
}

/// Gateway of the network.
pub fn gateway(gateway: &dyn Display) -> Text {
    Text::new(format!("网关 {gateway}"), format!("gateway {gateway}"))
}

/// Line where the network has no gateway.
pub fn no_gateway() -> Text {
    Text::new("没有网关", "no gateway")
}

/// Name server of the network.
pub fn name_server(server: &str) -> Text {
    Text::new(format!("域名服务器 {server}"), format!("name server {server}"))
}

/// Reason why the cloud listed no cinemas.
pub fn cinemas_unlisted(error: &dyn Display) -> Text {
    text!("影院列表：{error:#}", "cinemas: {error}")
}

/// Line about a host whose name has no address.
pub fn no_address(host: &str) -> Text {
    text!("{host}：没有地址", "{host}: no address")
}
