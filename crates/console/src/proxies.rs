//! From where a request comes when it was passed on by proxies: who may be believed, and what they say.

use std::net::IpAddr;

use axum::http::HeaderMap;
use ipnet::{IpNet, Ipv4Net};

/// Of most proxies: what each appends is the address that it was reached from.
const FORWARDED_FOR: &str = "x-forwarded-for";

/// The networks whose `X-Forwarded-For` is believed. None: a request comes from the other end of its connection.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TrustedProxies(Vec<IpNet>);

impl TrustedProxies {
    /// Networks such as `10.0.0.0/8` or `fd00::/8`, and single addresses.
    ///
    /// # Errors
    ///
    /// What is wrong with each of them that is none.
    pub fn parse(texts: &[String]) -> Result<Self, Vec<String>> {
        let (mut networks, mut faults) = (Vec::new(), Vec::new());
        for text in texts {
            match network(text) {
                Ok(network) => networks.push(network),
                Err(fault) => faults.push(fault),
            }
        }
        if faults.is_empty() { Ok(TrustedProxies(networks)) } else { Err(faults) }
    }

    /// Who sent a request that came over a connection with `peer`.
    ///
    /// The header is read from its end, which the nearest proxy wrote, as long as it was a trusted one who wrote:
    /// what stands before that can be anybody's words. Where it cannot be read, the nearest place that is known for
    /// certain counts.
    pub fn client(&self, peer: IpAddr, headers: &HeaderMap) -> IpAddr {
        let mut nearest = peer.to_canonical();
        let lines = headers.get_all(FORWARDED_FOR).iter().rev();
        // bytes: a text of another encoding in front takes nothing from what stands behind it
        let hops = lines.flat_map(|line| line.as_bytes().rsplit(|byte| *byte == b','));
        for hop in hops {
            if !self.trusts(nearest) {
                break;
            }
            match address(hop) {
                Some(before) => nearest = before,
                None => break,
            }
        }
        nearest
    }

    fn trusts(&self, address: IpAddr) -> bool {
        self.0.iter().any(|network| network.contains(&address))
    }
}

/// One entry of the header: an address, one of version 6 also in brackets, perhaps with a port.
fn address(hop: &[u8]) -> Option<IpAddr> {
    let text = std::str::from_utf8(hop).ok()?.trim_matches([' ', '\t']);
    let found = match text.parse::<IpAddr>() {
        Ok(address) => address,
        Err(_) => match text.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
            Some(inner) => IpAddr::V6(inner.parse().ok()?),
            None => text.parse::<std::net::SocketAddr>().ok()?.ip(),
        },
    };
    Some(found.to_canonical())
}

fn network(text: &str) -> Result<IpNet, String> {
    let parsed = text.parse::<IpNet>().or_else(|_| text.parse::<IpAddr>().map(IpNet::from));
    let network = parsed.map_err(|_| format!("{text:?} is no network: write 10.0.0.0/8 or fd00::/8"))?;
    let network = unmapped(network);
    if network.prefix_len() == 0 {
        return Err(format!("{text:?} trusts everybody: then whoever sends the header chooses the address"));
    }
    if network.trunc() != network {
        return Err(format!("{text:?} has bits beyond its length: write {}", network.trunc()));
    }
    Ok(network)
}

/// Addresses of version 4 within those of version 6 are compared as such.
fn unmapped(network: IpNet) -> IpNet {
    let IpNet::V6(wide) = network else { return network };
    let (inner, length) = (wide.addr().to_ipv4_mapped(), wide.prefix_len().checked_sub(96));
    let narrow = inner.zip(length).and_then(|(inner, length)| Ipv4Net::new(inner, length).ok());
    narrow.map_or(network, IpNet::V4)
}
