//! The bodies that the load client sends: each one unique, and known to whoever has the seed.

use crate::random::Random;

/// Bytes of every body.
pub const LEN: usize = 1024;

/// The JSON body of event `seq`: [`LEN`] bytes that follow from `seed` and `seq`.
///
/// It carries what a parser would damage (`1.10`, a 23-digit integer, a key given twice), so that comparing the
/// bytes at the far end proves that nobody in between read and wrote it again.
pub fn of(seed: u64, seq: u64) -> Vec<u8> {
    let mut body = format!(
        r#"{{"seq":{seq},"seed":{seed},"amount":{},"price":1.10,"big":12345678901234567890123,"a":1,"a":2,"text":""#,
        seq % 200
    )
    .into_bytes();
    let mut random = Random::new(seed ^ seq.wrapping_mul(0x2545_f491_4f6c_dd1d));
    while body.len() < LEN - 2 {
        let word = format!("{:016x}", random.next_u64());
        let room = LEN - 2 - body.len();
        body.extend_from_slice(&word.as_bytes()[..room.min(16)]);
    }
    body.extend_from_slice(b"\"}");
    body
}

/// The `seq` that a body of ours begins with.
pub fn seq_of(body: &[u8]) -> Option<u64> {
    let rest = body.strip_prefix(br#"{"seq":"#)?;
    let digits = rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
    std::str::from_utf8(&rest[..digits]).ok()?.parse().ok()
}
