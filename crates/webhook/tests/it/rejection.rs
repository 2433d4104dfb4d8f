use webhook::payload::Fault;
use webhook::{Rejection, TriggerState, Unavailability};

#[test]
fn a_deactivated_trigger_is_told_like_an_unknown_one_but_counted_apart() {
    assert_eq!(Rejection::Deactivated.code(), Rejection::UnknownTrigger.code());
    assert_eq!(Rejection::Deactivated.outside(), Rejection::UnknownTrigger.outside());
    assert_ne!(Rejection::Deactivated.cause(), Rejection::UnknownTrigger.cause());
}

#[test]
fn outside_says_what_to_do_and_inside_says_why() {
    let full = Rejection::Unavailable { cause: Unavailability::Disk, retry_after: 3 };
    assert_eq!((full.code(), full.cause(), full.retry_after()), ("unavailable", "disk-full", Some(3)));
    assert!(!full.outside().contains("disk"));
    assert_eq!(full.inside(), "disk-full");
    let not_json = Rejection::from(Fault::NotJson { offset: 7, why: "a colon was expected" });
    assert!(not_json.outside().contains("byte 7: a colon was expected"));
    assert_eq!(Rejection::from(Fault::TooDeep), Rejection::TooDeep);
    assert!(Rejection::TooDeep.outside().contains("100"));
    assert_eq!(Rejection::Internal.retry_after(), None);
}

#[test]
fn states_read_back() {
    for state in [TriggerState::Active, TriggerState::Deactivated] {
        assert_eq!(TriggerState::parse(state.as_str()), Some(state));
    }
    assert_eq!(TriggerState::parse("active"), None);
    assert_eq!(TriggerState::parse("Paused"), None);
}
