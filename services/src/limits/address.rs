//! Addresses as limits tell them apart.

use std::net::{IpAddr, Ipv6Addr};

/// Where someone asks from: an IPv4 address, or the network of an IPv6 one. A home or a phone has a /64 of its own
/// (RFC 6177), and could ask from another address of it each time.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub struct Address(IpAddr);

impl From<IpAddr> for Address {
    fn from(address: IpAddr) -> Self {
        // A listener for both kinds sees IPv4 addresses as ::ffff:a.b.c.d.
        Self(match address.to_canonical() {
            IpAddr::V4(address) => address.into(),
            IpAddr::V6(address) => {
                let network = address.to_bits() & (u128::MAX << 64);
                Ipv6Addr::from_bits(network).into()
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_ipv6_network_is_one_address_and_an_ipv4_address_is_the_same_either_way() {
        let same = |a: &str, b: &str| {
            let [a, b] = [a, b].map(|text| Address::from(text.parse::<IpAddr>().unwrap()));
            a == b
        };
        assert!(same("2001:db8:1:2::3", "2001:db8:1:2:ffff::"));
        assert!(!same("2001:db8:1:2::3", "2001:db8:1:3::3"));
        assert!(same("::ffff:192.0.2.1", "192.0.2.1"));
        assert!(!same("192.0.2.1", "192.0.2.2"));
    }
}
