//! Who asks, where proxies stand between.

use std::{
    net::{IpAddr, SocketAddr},
    sync::{Arc, OnceLock},
};

use axum::http::HeaderMap;
use ipnet::IpNet;
use serde::{Deserialize, Serialize, Serializer};

/// Where proxies say for whom they ask, each adding who asked it.
const FORWARDED_FOR: &str = "x-forwarded-for";

/// The proxies whose word is taken for who asks. Anyone can send the header; nobody else is believed.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(try_from = "Listed")]
pub struct Proxies {
    networks: Arc<[IpNet]>,
    warned: Arc<OnceLock<()>>,
}

/// As a list, or in one text as a variable gives it.
#[derive(Deserialize)]
#[serde(untagged)]
enum Listed {
    One(String),
    Many(Vec<String>),
}

impl TryFrom<Listed> for Proxies {
    type Error = String;

    fn try_from(listed: Listed) -> Result<Self, String> {
        let names = match listed {
            Listed::One(text) => text.split(',').map(str::to_owned).collect(),
            Listed::Many(names) => names,
        };
        let names = names.iter().map(|name| name.trim());
        let networks = names.filter(|name| !name.is_empty()).map(|name| {
            let network = name.parse().or_else(|_| name.parse().map(IpAddr::into));
            network
                .map_err(|_| format!("{name} is neither an address nor a network like 10.0.0.0/8"))
        });
        Ok(Self {
            networks: networks.collect::<Result<_, _>>()?,
            warned: Arc::default(),
        })
    }
}

impl Serialize for Proxies {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.networks.iter().map(ToString::to_string))
    }
}

impl Proxies {
    /// The address that asks: the peer's, or, where that is a proxy of ours, the one nearest to us in its list that
    /// is none. What stands beyond that, its sender may have made up.
    pub(crate) fn caller(&self, peer: IpAddr, headers: &HeaderMap) -> IpAddr {
        let peer = peer.to_canonical();
        if !self.trust(peer) {
            if headers.contains_key(FORWARDED_FOR) {
                self.warn(peer);
            }
            return peer;
        }
        let mut nearest = peer;
        let lines = headers.get_all(FORWARDED_FOR).iter().rev();
        let entries = lines.flat_map(|line| line.to_str().unwrap_or_default().rsplit(','));
        for entry in entries {
            let Some(address) = address(entry.trim()) else {
                break;
            };
            nearest = address;
            if !self.trust(nearest) {
                break;
            }
        }
        nearest
    }

    fn trust(&self, address: IpAddr) -> bool {
        self.networks
            .iter()
            .any(|network| network.contains(&address))
    }

    /// Once: with a proxy that is not named, everyone behind it shares the limits of one address.
    fn warn(&self, peer: IpAddr) {
        if self.warned.set(()).is_ok() {
            tracing::warn!(
                %peer,
                "sends X-Forwarded-For but is not in server.trusted_proxies: if it is a proxy of yours, name it there"
            );
        }
    }
}

/// An address with or without a port.
fn address(text: &str) -> Option<IpAddr> {
    let with_port = || text.parse::<SocketAddr>().ok().map(|it| it.ip());
    let bare = text.trim_matches(['[', ']']);
    let address = bare.parse().ok().or_else(with_port)?;
    Some(IpAddr::to_canonical(&address))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Who is found to ask, through the proxies 10.0.0.0/8 and `2001:db8::1`.
    fn caller(peer: &str, forwarded: &[&'static str]) -> String {
        let names = Listed::One("10.0.0.0/8, 2001:db8::1".into());
        let proxies = Proxies::try_from(names).unwrap();
        let mut headers = HeaderMap::new();
        for line in forwarded {
            headers.append(FORWARDED_FOR, line.parse().unwrap());
        }
        proxies.caller(peer.parse().unwrap(), &headers).to_string()
    }

    #[test]
    fn whoever_is_no_proxy_is_itself_whatever_it_says() {
        assert_eq!(caller("192.0.2.1", &[]), "192.0.2.1");
        assert_eq!(caller("192.0.2.1", &["198.51.100.7"]), "192.0.2.1");
        assert_eq!(
            caller("192.0.2.1", &["198.51.100.7, 10.0.0.2"]),
            "192.0.2.1"
        );
        assert_eq!(caller("::ffff:192.0.2.1", &[]), "192.0.2.1");
    }

    #[test]
    fn a_proxys_caller_is_the_last_that_is_no_proxy_and_not_what_that_one_made_up() {
        assert_eq!(caller("10.0.0.2", &["192.0.2.1"]), "192.0.2.1");
        let made_up = "1.1.1.1, 10.9.9.9, 192.0.2.1";
        assert_eq!(caller("10.0.0.2", &[made_up]), "192.0.2.1");
        assert_eq!(
            caller("10.0.0.2", &["1.1.1.1, 192.0.2.1, 10.0.0.3"]),
            "192.0.2.1"
        );
        // Lines are one list.
        assert_eq!(
            caller("10.0.0.2", &["1.1.1.1, 192.0.2.1", "10.0.0.3"]),
            "192.0.2.1"
        );
        assert_eq!(caller("2001:db8::1", &["2001:db8:5::7"]), "2001:db8:5::7");
        assert_eq!(
            caller("::ffff:10.0.0.2", &["::ffff:192.0.2.1"]),
            "192.0.2.1"
        );
    }

    #[test]
    fn a_proxy_that_names_nobody_is_the_caller() {
        assert_eq!(caller("10.0.0.2", &[]), "10.0.0.2");
        assert_eq!(caller("10.0.0.2", &["unknown"]), "10.0.0.2");
        assert_eq!(caller("10.0.0.2", &["192.0.2.1, nonsense"]), "10.0.0.2");
        assert_eq!(caller("10.0.0.2", &["192.0.2.1, "]), "10.0.0.2");
        assert_eq!(caller("10.0.0.2", &["10.0.0.3"]), "10.0.0.3");
    }

    #[test]
    fn ports_do_not_matter() {
        for forwarded in ["192.0.2.1:4711", "[2001:db8:5::7]:4711", "[2001:db8:5::7]"] {
            let found = caller("10.0.0.2", &[forwarded]);
            assert!(
                ["192.0.2.1", "2001:db8:5::7"].contains(&found.as_str()),
                "{found}"
            );
        }
    }

    #[test]
    fn proxies_are_read_from_a_list_or_a_text_and_a_bad_one_is_named() {
        let read = |json: &str| serde_json::from_str::<Proxies>(json);
        for json in [r#"["10.0.0.0/8", "::1"]"#, r#""10.0.0.0/8, ::1""#] {
            let proxies = read(json).unwrap();
            let written = serde_json::to_string(&proxies).unwrap();
            assert_eq!(written, r#"["10.0.0.0/8","::1/128"]"#);
        }
        assert!(read(r#""""#).unwrap().networks.is_empty());
        let refused = read(r#"["10.0.0.0/8", "proxy"]"#).unwrap_err();
        assert!(refused.to_string().contains("proxy is neither"));
    }
}
