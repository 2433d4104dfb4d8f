use proptest::prelude::*;
use uuid::Uuid;
use webhook::{Address, ApiKey};

fn address() -> Address {
    let id = |n: u128| Uuid::from_u128(0x1111_2222_4333_8444_5555_6666_7777_0000 + n);
    Address { organization: id(1), workspace: id(2), project: id(3), data_source: id(4) }
}

#[test]
fn a_path_has_one_spelling_but_for_its_case() {
    let path = address().path();
    assert_eq!(
        path,
        "/webhooks/incoming/11112222-4333-8444-5555-666677770001/11112222-4333-8444-5555-666677770002/\
         11112222-4333-8444-5555-666677770003/11112222-4333-8444-5555-666677770004"
    );
    assert_eq!(Address::parse(&path), Some(address()));
    let (prefix, ids) = path.split_at("/webhooks/incoming/".len());
    assert_eq!(Address::parse(&format!("{prefix}{}", ids.to_uppercase())), Some(address()));
    for wrong in [
        String::new(),
        "/".to_owned(),
        prefix.to_owned(),
        format!("{path}/"),
        format!("{path}/x"),
        format!(" {path}"),
        format!("{path} "),
        path.replace("/webhooks", "/Webhooks"),
        path.replace("/webhooks", "//webhooks"),
        path.replace("incoming/", "incoming//"),
        path.replace('-', ""),
        path.replace("11112222-4333-8444-5555-666677770004", "{11112222-4333-8444-5555-666677770004}"),
        path.replace("1111", "%31111"),
        path.rsplit_once('/').unwrap().0.to_owned(),
    ] {
        assert_eq!(Address::parse(&wrong), None, "{wrong}");
    }
}

#[test]
fn the_url_has_the_key_and_hides_it() {
    let key = ApiKey::from_bytes([0xAB; 32]);
    for public in ["https://hooks.example", "https://hooks.example/"] {
        let url = address().url(public, &key);
        assert_eq!(
            url.reveal(),
            format!("https://hooks.example{}?flowxApiKey={}", address().path(), key.reveal())
        );
        assert!(!format!("{url:?}").contains(key.reveal()));
    }
}

proptest! {
    #[test]
    fn any_address_comes_back(ids: [u128; 4]) {
        let [organization, workspace, project, data_source] = ids.map(Uuid::from_u128);
        let address = Address { organization, workspace, project, data_source };
        prop_assert_eq!(Address::parse(&address.path()), Some(address));
    }

    #[test]
    fn any_text_is_parsed_without_a_panic(text in ".{0,200}") {
        let _ = Address::parse(&text);
        let _ = Address::parse(&format!("/webhooks/incoming/{text}"));
    }
}
