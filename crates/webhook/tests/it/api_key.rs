use proptest::prelude::*;
use uuid::Uuid;
use webhook::api_key::{SealError, presented};
use webhook::{ApiKey, KeyDigest, MasterKey, Presented};

#[test]
fn a_key_is_43_characters_of_base64url() {
    let key = ApiKey::from_bytes([0xFF; 32]);
    assert_eq!(key.reveal(), "__________________________________________8");
    assert_eq!(ApiKey::from_bytes([0; 32]).reveal(), "A".repeat(43));
}

#[test]
fn the_digest_is_sha_256_of_the_characters() {
    // FIPS 180-2, appendix B.1.
    let abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
    let digest: String = KeyDigest::of("abc").0.iter().map(|byte| format!("{byte:02x}")).collect();
    assert_eq!(digest, abc);
    assert!(KeyDigest::of("abc").matches(&KeyDigest::of("abc")));
    for other in ["", "ab", "abd", "abc ", "ABC"] {
        assert!(!KeyDigest::of("abc").matches(&KeyDigest::of(other)), "{other}");
    }
}

#[test]
fn a_sealed_key_opens_only_with_its_master_key_and_trigger() {
    let key = ApiKey::from_bytes([7; 32]);
    let master = MasterKey::new([1; 32]);
    let trigger = Uuid::from_u128(5);
    let sealed = key.seal(&master, [3; 24], trigger);
    assert_eq!(sealed.len(), 24 + 43 + 16);
    assert!(!sealed.windows(12).any(|bytes| key.reveal().as_bytes().starts_with(bytes)));
    assert_eq!(ApiKey::open(&sealed, &master, trigger), Ok(key.clone()));
    assert_eq!(ApiKey::open(&sealed, &MasterKey::new([2; 32]), trigger), Err(SealError::NotAuthentic));
    assert_eq!(ApiKey::open(&sealed, &master, Uuid::from_u128(6)), Err(SealError::NotAuthentic));
    for length in 0..sealed.len() {
        let expected = if length < 24 { SealError::Truncated } else { SealError::NotAuthentic };
        assert_eq!(ApiKey::open(&sealed[..length], &master, trigger), Err(expected));
    }
    for index in 0..sealed.len() {
        let mut changed = sealed.clone();
        changed[index] ^= 1;
        assert_eq!(ApiKey::open(&changed, &master, trigger), Err(SealError::NotAuthentic));
    }
    assert_ne!(sealed, key.seal(&master, [4; 24], trigger));
}

#[test]
fn debug_texts_hide_secrets() {
    let key = ApiKey::from_bytes([7; 32]);
    let query = format!("flowxApiKey={}", key.reveal());
    let shown =
        format!("{key:?} {:?} {:?}", MasterKey::new([9; 32]), presented(Some(&query), [].into_iter()));
    assert!(!shown.contains(&key.reveal()[..8]), "{shown}");
    assert!(!shown.contains('9'), "{shown}");
}

#[test]
fn exactly_one_key_counts() {
    let one = |query: Option<&str>, headers: &[&[u8]]| match presented(query, headers.iter().copied()) {
        Presented::None => "none".to_owned(),
        Presented::One(key) => format!("one {}", key.reveal()),
        Presented::Several => "several".to_owned(),
    };
    for (query, headers, expected) in [
        (None, &[][..], "none"),
        (Some(""), &[], "none"),
        (Some("a=1&flowxapikey=x&FLOWXAPIKEY=x"), &[], "none"),
        (Some("flowxApiKey"), &[], "one "),
        (Some("flowxApiKey="), &[], "one "),
        (Some("flowxApiKey=x"), &[], "one x"),
        (Some("a&flowxApiKey=x&b=flowxApiKey"), &[], "one x"),
        (Some("flowx%41piKey=%78"), &[], "one x"),
        (Some("flowxApiKey=a+b"), &[], "one a b"),
        (Some("flowxApiKey=x&flowxApiKey=x"), &[], "several"),
        (Some("flowxApiKey=x&flowxApiKey="), &[], "several"),
        (Some("flowxApiKey=x&flowx%41piKey=y"), &[], "several"),
        (None, &[b"x".as_slice()], "one x"),
        (None, &[b"".as_slice()], "one "),
        (None, &[b"x".as_slice(), b"x"], "several"),
        (Some("flowxApiKey=x"), &[b"x".as_slice()], "several"),
        (Some("flowxApiKey=x&flowxApiKey=y"), &[b"x".as_slice(), b"z"], "several"),
    ] {
        assert_eq!(one(query, headers), expected, "{query:?} {headers:?}");
    }
}

proptest! {
    #[test]
    fn any_query_and_header_are_read_without_a_panic(query in ".{0,100}", header: Vec<u8>) {
        let _ = presented(Some(&query), [header.as_slice()].into_iter());
    }

    #[test]
    fn any_key_is_found_among_other_parameters(bytes: [u8; 32], before in "[a-z=&]{0,20}", after in "[a-z=&]{0,20}") {
        let key = ApiKey::from_bytes(bytes);
        let query = format!("{before}&flowxApiKey={}&{after}", key.reveal());
        match presented(Some(&query), [].into_iter()) {
            Presented::One(found) => prop_assert!(found.digest().matches(&key.digest())),
            other => prop_assert!(false, "{other:?}"),
        }
    }

    #[test]
    fn any_bytes_are_opened_without_a_panic(bytes: Vec<u8>) {
        prop_assert!(ApiKey::open(&bytes, &MasterKey::new([1; 32]), Uuid::nil()).is_err());
    }
}
